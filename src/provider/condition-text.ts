import type { Condition } from '../kubernetes/resources/metadata.ts';

const MOST = 300;

/** What a condition says, in one line: `InstanceProvisionFailed: no capacity in the zone`. */
export function conditionText({ type, reason, message }: Condition): string {
  const said = [reason, message].filter((part) => part !== undefined && part !== '');
  return oneLine(said.length > 0 ? [...new Set(said)].join(': ') : type);
}

export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > MOST ? `${line.slice(0, MOST)}…` : line;
}

export function conditionOf(conditions: readonly Condition[], type: string): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}

export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditionOf(conditions, type)?.status === 'True';
}
