import { z } from 'zod';
import { type Action, defineAction, type StepPlan } from '../../src/actions/action.ts';
import type { JsonObject } from '../../src/json.ts';

function planned(outputs: JsonObject): StepPlan {
  return {
    summary: 'nothing to do',
    effects: [],
    findings: [],
    warnings: [],
    blockers: [],
    tiles: [],
    outputs,
  };
}

const look = defineAction({
  name: 'node/look',
  description: 'Looks at a node.',
  risk: 'read',
  input: z.strictObject({ node: z.string(), deep: z.boolean().optional() }),
  outputs: ['pods', 'count'],
  plan: async () => planned({ pods: [], count: 0 }),
  execute: async () => ({ summary: 'looked', changed: false }),
});

const mark = defineAction({
  name: 'node/mark',
  description: 'Marks a node.',
  risk: 'reversible',
  input: z.strictObject({ node: z.string(), words: z.array(z.string()).default([]) }),
  outputs: [],
  plan: async () => planned({}),
  execute: async () => ({ summary: 'marked', changed: true }),
  undo: async () => ({ summary: 'unmarked', changed: true }),
});

const wipe = defineAction({
  name: 'node/wipe',
  description: 'Wipes a node.',
  risk: 'destructive',
  input: z.strictObject({
    node: z.string(),
    maxParallel: z.int().min(1).default(1),
    reason: z.string().optional(),
  }),
  outputs: ['left'],
  plan: async () => planned({ left: [] }),
  execute: async () => ({ summary: 'wiped', changed: true }),
});

/** Actions of each risk, small enough to see through. */
export const smallActions: ReadonlyMap<string, Action> = new Map(
  [look, mark, wipe].map((action) => [action.name, action as Action]),
);
