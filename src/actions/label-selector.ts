import type { LabelSelector } from '../kubernetes/resources/metadata.ts';

type Labels = Readonly<Record<string, string>>;
type Requirement = LabelSelector['matchExpressions'][number];

/** As policy/v1 reads a selector: an empty one selects everything, an absent one nothing. */
export function selects(selector: LabelSelector | null | undefined, labels: Labels): boolean {
  if (selector === null || selector === undefined) return false;
  const pairs = Object.entries(selector.matchLabels);
  return (
    pairs.every(([key, value]) => labels[key] === value) &&
    selector.matchExpressions.every((requirement) => meets(labels, requirement))
  );
}

function meets(labels: Labels, { key, operator, values }: Requirement): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** The same selector as the API takes it in a query. */
export function selectorQuery(selector: LabelSelector): string {
  const pairs = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  return [...pairs, ...selector.matchExpressions.map(requirementQuery)].join(',');
}

function requirementQuery({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
}
