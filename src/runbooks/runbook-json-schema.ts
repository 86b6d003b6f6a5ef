import { z } from 'zod';
import type { Action } from '../actions/action.ts';
import { RunbookFile } from './runbook-schema.ts';

type Schema = Record<string, unknown>;

const EXPRESSION = { type: 'string', pattern: '\\$\\{\\{' };

/**
 * JSON Schema of a runbook file, for editors: from the zod schema that the loader uses, and with the inputs of each
 * action from the schema that the action itself uses.
 */
export function runbookJsonSchema(actions: ReadonlyMap<string, Action>): Schema {
  const schema = z.toJSONSchema(RunbookFile, { io: 'input' });
  const step = property(property(schema, 'steps'), undefined);
  const known = [...actions.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  Object.assign(property(step, 'uses'), { enum: known.map(({ name }) => name) });
  Object.assign(step, { allOf: known.map(inputsOf) });
  return { title: 'Handrail runbook', ...schema };
}

/** If a step uses this action, then its `with` is of this form. */
function inputsOf(action: Action): Schema {
  const { $schema, ...input } = z.toJSONSchema(action.input, {
    io: 'input',
    unrepresentable: 'any',
  });
  const properties = Object.entries(input.properties ?? {}).map(([name, schema]) => [
    name,
    { anyOf: [schema, EXPRESSION] },
  ]);
  return {
    // biome takes a key named `then` for a promise: these are the words of JSON Schema.
    if: { properties: { uses: { const: action.name } }, required: ['uses'] },
    ...Object.fromEntries([
      [
        'then',
        {
          description: action.description,
          properties: { with: { ...input, properties: Object.fromEntries(properties) } },
          ...(input.required?.length ? { required: ['with'] } : {}),
        },
      ],
    ]),
  };
}

/** The schema of a property, or of a list's items. */
function property(schema: Schema, name: string | undefined): Schema {
  const { items, properties } = schema;
  const found = name === undefined ? items : Object(properties)[name];
  if (typeof found !== 'object' || found === null) {
    throw new Error(`the schema of a runbook has no ${name ?? 'items'}`);
  }
  return found;
}
