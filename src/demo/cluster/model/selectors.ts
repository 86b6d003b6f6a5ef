import type { LabelSelector, Requirement } from './scheduling-schemas.ts';

type Labels = Readonly<Record<string, string>>;

function meets(labels: Labels, requirement: Requirement): boolean {
  const value = labels[requirement.key];
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

export function meetsAll(labels: Labels, requirements: readonly Requirement[]): boolean {
  return requirements.every((requirement) => meets(labels, requirement));
}

/** An empty selector matches everything, an absent one nothing (policy/v1). */
export function selects(selector: LabelSelector | null | undefined, labels: Labels = {}): boolean {
  if (selector === null || selector === undefined) return false;
  const pairs = Object.entries(selector.matchLabels ?? {});
  return (
    pairs.every(([key, value]) => labels[key] === value) &&
    meetsAll(labels, selector.matchExpressions ?? [])
  );
}

const setBased = /^([^\s!=]+)\s+(in|notin)\s*\(([^)]*)\)$/;
const equality = /^([^\s!=]+)\s*(!=|==|=)\s*([^\s]*)$/;

function parseRequirement(text: string): Requirement | undefined {
  const inSet = setBased.exec(text);
  if (inSet) {
    const values = (inSet[3] ?? '').split(',').map((value) => value.trim());
    return { key: inSet[1] ?? '', operator: inSet[2] === 'in' ? 'In' : 'NotIn', values };
  }
  const equal = equality.exec(text);
  if (equal) {
    const operator = equal[2] === '!=' ? 'NotIn' : 'In';
    return { key: equal[1] ?? '', operator, values: [equal[3] ?? ''] };
  }
  if (/^![^\s!=]+$/.test(text)) return { key: text.slice(1), operator: 'DoesNotExist' };
  return /^[^\s!=()]+$/.test(text) ? { key: text, operator: 'Exists' } : undefined;
}

/** The `labelSelector` of a request; undefined where it cannot be parsed. */
export function parseLabelSelector(text: string): Requirement[] | undefined {
  const parts = text.split(/,(?![^(]*\))/).map((part) => part.trim());
  const requirements = parts.filter((part) => part !== '').map(parseRequirement);
  const parsed = requirements.filter((requirement) => requirement !== undefined);
  return parsed.length === requirements.length ? parsed : undefined;
}
