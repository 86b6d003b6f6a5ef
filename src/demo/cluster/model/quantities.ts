const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A Kubernetes quantity as a plain number: `500m` is 0.5, `1Gi` is 1073741824. Not a quantity: 0. */
export function parseQuantity(quantity: string | number | undefined): number {
  if (quantity === undefined) return 0;
  const match = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(String(quantity));
  const factor = factors[match?.[2] ?? ''];
  const value = Number(match?.[1]);
  return factor === undefined || Number.isNaN(value) ? 0 : value * factor;
}

/** A count or a percentage (rounded up) of `total`, as budgets and rollouts write it. */
export function scaledValue(value: number | string, total: number): number {
  if (typeof value === 'number') return value;
  const percent = Number.parseFloat(value);
  return value.endsWith('%') ? Math.ceil((percent * total) / 100) : percent;
}

const binary = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'];

/** As the API server writes sums: memory and storage in the largest binary unit that is whole, others in units or milli. */
export function formatQuantity(resource: string, value: number): string {
  if (value === 0) return '0';
  if (!/memory|storage/.test(resource)) {
    return Number.isInteger(value) ? String(value) : `${Math.ceil(value * 1000 - 1e-6)}m`;
  }
  const bytes = Math.ceil(value);
  const unit = binary.find((each) => bytes % (factors[each] ?? 1) === 0) ?? '';
  return `${bytes / (factors[unit] ?? 1)}${unit}`;
}
