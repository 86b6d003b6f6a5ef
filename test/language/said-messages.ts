import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A message as the source says it, and where. */
export interface SaidMessage {
  readonly icu: string;
  readonly where: string;
}

/** The first argument of every call of `say` in the product; one that is not written out is none. */
export function saidMessages(): SaidMessage[] {
  return globSync('src/**/*.ts', { exclude: ['src/demo/**'] }).flatMap(messagesOf);
}

function messagesOf(file: string): SaidMessage[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found: SaidMessage[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'say'
    ) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const [icu] = node.arguments;
      found.push({
        icu: icu && ts.isStringLiteralLike(icu) ? icu.text : '',
        where: `${file}:${line + 1}`,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
