import type { Manifest } from './model/objects.ts';
import { japanSeed as japan } from './seeds/japan.ts';
import { koreaSeed as korea } from './seeds/korea.ts';

/** What the cluster `kr` begins with. */
export function koreaSeed(): Manifest[] {
  return korea();
}

/** What the cluster `jp` begins with. */
export function japanSeed(): Manifest[] {
  return japan();
}
