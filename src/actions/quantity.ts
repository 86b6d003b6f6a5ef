import { RunbookError } from '../errors.ts';

const FACTORS: Readonly<Record<string, number>> = {
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
const QUANTITY =
  /^([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([eE][+-]?[0-9]+)|(n|u|m|k|M|G|T|P|E|[KMGTPE]i)?)$/;

/** A text that should be a Kubernetes quantity and is none. */
class QuantityError extends RunbookError {
  constructor(text: string) {
    super('quantity_invalid', `\`${text}\` is no quantity; write it like 500m, 2, 1.5Gi or 1e3`, {
      data: { text },
    });
  }
}

/**
 * A Kubernetes quantity in its base unit (cores, bytes, pods): `500m` is 0.5, `1.5Gi` is 1610612736.
 * Own instead of the client's `quantityToScalar`: that one gives numbers and bigints by turns and throws on `1.5Gi`.
 * @throws QuantityError (`quantity_invalid`)
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number {
  const match = QUANTITY.exec(text);
  if (match === null) throw new QuantityError(text);
  const [, amount = '', exponent = '', suffix = ''] = match;
  return Number(`${amount}${exponent}`) * (FACTORS[suffix] ?? 1);
}
