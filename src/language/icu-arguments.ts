/**
 * The names of an ICU message's arguments, read from its type: `'{count, plural, one {# pod} other {# pods}} on {node}'` has
 * `count` and `node`. Each branch of a plural or a select is a message of its own, whose words are no arguments.
 */
type IcuArguments<Icu extends string, Within extends Depth = ['words']> =
  NextBrace<Icu> extends ['{', infer Rest extends string]
    ? Within extends readonly [...Depth, 'branches']
      ? IcuArguments<Rest, [...Within, 'words']>
      : ArgumentAt<Rest, Within>
    : NextBrace<Icu> extends ['}', infer Rest extends string]
      ? IcuArguments<Rest, Outer<Within>>
      : never;

/** Where a place in a message stands: in words, or between the branches of a plural. */
type Depth = readonly ('words' | 'branches')[];

/** Behind an opening brace: `node} …`, `count, number} …`, or `count, plural, one {…} other {…}} …`. */
type ArgumentAt<Rest extends string, Within extends Depth> =
  NextBrace<Rest> extends ['}', infer After extends string]
    ? NameAt<Rest> | IcuArguments<After, Within>
    : NextBrace<Rest> extends ['{', infer Branch extends string]
      ? NameAt<Rest> | IcuArguments<Branch, [...Within, 'branches', 'words']>
      : never;

type NameAt<Rest extends string> = Rest extends `${infer Name}}${string}`
  ? Name extends `${infer Bare},${string}`
    ? Bare
    : Name
  : never;

/** The brace that comes first, and what stands behind it. */
type NextBrace<Icu extends string> = Icu extends `${infer Before}{${infer Rest}`
  ? Before extends `${infer Earlier}}${string}`
    ? Icu extends `${Earlier}}${infer After}`
      ? ['}', After]
      : never
    : ['{', Rest]
  : Icu extends `${string}}${infer After}`
    ? ['}', After]
    : undefined;

type Outer<Within extends Depth> = Within extends readonly [...infer Rest extends Depth, unknown]
  ? Rest
  : Within;

/** What a call must give beside the message: nothing where it has no arguments. */
export type IcuValues<Icu extends string, Value> = [IcuArguments<Icu>] extends [never]
  ? []
  : [values: { readonly [Name in IcuArguments<Icu>]: Value }];
