import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { z } from 'zod';

const Users = z.object({
  users: z
    .array(
      z.object({
        name: z.string(),
        user: z.looseObject({ tokenFile: z.string().optional() }).nullish(),
      }),
    )
    .default([]),
});

/** The library looks for `token-file`, which no kubeconfig has, and reads it once: this one knows where the file is. */
export class KubeConfigWithTokenFiles extends KubeConfig {
  readonly #tokenFiles = new Map<string, string>();

  /** Of this user; absolute. */
  tokenFileOf(user: string): string | undefined {
    return this.#tokenFiles.get(user);
  }

  override loadFromFile(...[file, options]: Parameters<KubeConfig['loadFromFile']>): void {
    super.loadFromFile(file, options);
    const { users = [] } = Users.safeParse(parse(readFileSync(file, 'utf8'))).data ?? {};
    for (const { name, user } of users) {
      if (user?.tokenFile) this.#tokenFiles.set(name, resolve(dirname(file), user.tokenFile));
    }
  }
}
