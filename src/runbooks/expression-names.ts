import { didYouMean } from '../did-you-mean.ts';

/** The part of a CEL syntax tree that is looked at. */
export interface SyntaxNode {
  readonly op: string;
  readonly args: unknown;
  readonly start?: number;
  readonly end?: number;
}

/** Where an expression is wrong, counted in characters from its start. */
export interface ExpressionFault {
  readonly offset: number;
  readonly message: string;
}

/** What an expression may name: a tree, whose leaves are the values. */
interface NameTree {
  readonly [name: string]: NameTree | 'value';
}

export interface KnownNames {
  readonly tree: NameTree;
  /** Steps whose outputs are not there yet. */
  readonly laterSteps: readonly string[];
}

/**
 * Finds names that are not there. CEL's own check does not look inside `has()`, nor behind a computed name, and cannot
 * say what was meant.
 */
export function nameFaults(root: SyntaxNode, known: KnownNames): ExpressionFault[] {
  const chain = chainOf(root);
  if (chain && chain.root in known.tree) {
    const fault = chainFault(chain, known);
    return fault ? [fault] : [];
  }
  const names = hasArgument(root);
  if (names && isWholeName(names, known.tree)) {
    const message = '`has()` is always true of this: compare with null instead';
    return [{ offset: root.start ?? 0, message }];
  }
  return children(root.args).flatMap((child) => nameFaults(child, known));
}

interface Link {
  /** Undefined where it is computed. */
  readonly name: string | undefined;
  readonly offset: number;
}

/** `inputs.node`, `steps["a-b"].outputs.pods`: a name and what is looked up in it. */
interface Chain {
  readonly root: string;
  readonly offset: number;
  readonly links: readonly Link[];
}

function chainOf(node: SyntaxNode): Chain | undefined {
  if (node.op === 'id') {
    return { root: String(node.args), offset: node.start ?? 0, links: [] };
  }
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [object, key] = Array.isArray(node.args) ? node.args : [];
  const before = isSyntaxNode(object) ? chainOf(object) : undefined;
  if (before === undefined) return undefined;
  return { ...before, links: [...before.links, linkOf(node, key)] };
}

function linkOf(node: SyntaxNode, key: unknown): Link {
  if (typeof key === 'string') return { name: key, offset: (node.end ?? 0) - key.length };
  if (!isSyntaxNode(key)) return { name: undefined, offset: node.start ?? 0 };
  const name = key.op === 'value' && typeof key.args === 'string' ? key.args : undefined;
  return { name, offset: key.start ?? 0 };
}

function chainFault(chain: Chain, known: KnownNames): ExpressionFault | undefined {
  let at: NameTree | 'value' | undefined = known.tree[chain.root];
  let path = chain.root;
  for (const { name, offset } of chain.links) {
    if (at === 'value' || at === undefined) return undefined;
    if (name === undefined) {
      return { offset, message: `write out which of \`${path}\` is meant` };
    }
    if (!Object.hasOwn(at, name))
      return { offset, message: unknownName({ path, name }, at, known) };
    at = at[name];
    path += /^\w+$/.test(name) ? `.${name}` : `["${name}"]`;
  }
  if (at === 'value' || at === undefined) return undefined;
  return { offset: chain.offset, message: `\`${path}\` is not a value${didYouMean('', keys(at))}` };
}

function unknownName(
  { path, name }: { path: string; name: string },
  there: NameTree,
  { laterSteps }: KnownNames,
): string {
  if (path === 'steps' && laterSteps.includes(name)) {
    return `the outputs of step \`${name}\` are not there yet: only earlier steps can be named`;
  }
  const hyphened = keys(there).find((candidate) => candidate.startsWith(`${name}-`));
  if (hyphened) return `\`${path}\` has no \`${name}\`; write \`${path}["${hyphened}"]\``;
  return `\`${path}\` has no \`${name}\`${didYouMean(name, keys(there))}`;
}

function hasArgument(node: SyntaxNode): Chain | undefined {
  if (node.op !== 'call' || !Array.isArray(node.args) || node.args[0] !== 'has') return undefined;
  const [argument] = children(node.args);
  return argument && chainOf(argument);
}

function isWholeName(chain: Chain, tree: NameTree): boolean {
  let at: NameTree | 'value' | undefined = tree[chain.root];
  for (const { name } of chain.links) {
    at = typeof at === 'object' && name !== undefined ? at[name] : undefined;
  }
  return at === 'value';
}

function children(args: unknown): SyntaxNode[] {
  if (isSyntaxNode(args)) return [args];
  return Array.isArray(args) ? args.flatMap(children) : [];
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function keys(tree: NameTree): string[] {
  return Object.keys(tree);
}
