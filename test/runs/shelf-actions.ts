import { z } from 'zod';
import { type Action, defineAction, type Effect, type StepPlan } from '../../src/actions/action.ts';

/** A world small enough to see at a glance: things on shelves, each removed by an effect of its own. */
export interface Shelf {
  readonly things: Set<string>;
  /** The run that marked it. */
  mark: string | undefined;
  /** What was removed, in order, and how often each was asked for. */
  readonly removals: string[];
  /** Accepted by name before anything on it may be removed. */
  fragile: boolean;
  beforeRemoval: (thing: string) => Promise<void> | void;
  /** While the call is under way, its effect made and its answer not yet come. */
  duringRemoval: (thing: string) => Promise<void> | void;
  afterMark: () => unknown;
  /** Lets go of a removal that is held back. */
  goOn: () => void;
}

export function newShelf(...things: string[]): Shelf {
  return {
    things: new Set(things),
    mark: undefined,
    removals: [],
    fragile: false,
    beforeRemoval: () => {},
    duringRemoval: () => {},
    afterMark: () => {},
    goOn: () => {},
  };
}

const Input = z.strictObject({ shelf: z.string() });
const nothing = { findings: [], warnings: [], blockers: [], tiles: [], outputs: {} };

function removal(shelf: string, thing: string): Effect {
  return {
    verb: 'remove',
    object: { kind: 'Thing', namespace: shelf, name: thing, uid: `uid-${thing}` },
    before: { there: true },
    after: { there: false },
    risk: 'destructive',
  };
}

function marking(shelf: string): Effect {
  return {
    verb: 'mark',
    object: { kind: 'Shelf', name: shelf, uid: `uid-${shelf}` },
    before: {},
    after: { marked: true },
    risk: 'reversible',
    undo: 'unmark',
  };
}

export function shelfActions(shelf: Shelf): ReadonlyMap<string, Action> {
  const mark = defineAction({
    name: 'shelf/mark',
    description: 'marks a shelf',
    risk: 'reversible',
    input: Input,
    outputs: [],
    async plan(_context, input): Promise<StepPlan> {
      const effects = shelf.mark === undefined ? [marking(input.shelf)] : [];
      return { ...nothing, summary: `mark ${input.shelf}`, effects };
    },
    async execute(context, input) {
      await context.mutate({
        effect: marking(input.shelf),
        act: async () => {
          shelf.mark = context.run.id;
          return {};
        },
        observe: async () => ({ happened: shelf.mark === context.run.id }),
      });
      await shelf.afterMark();
      return { summary: `marked ${input.shelf}`, changed: true };
    },
    async undo(context) {
      if (shelf.mark !== context.run.id)
        return { summary: 'The mark is not ours.', changed: false };
      shelf.mark = undefined;
      return { summary: 'Unmarked.', changed: true };
    },
  });
  const clear = defineAction({
    name: 'shelf/clear',
    description: 'removes what stands on a shelf',
    risk: 'destructive',
    input: Input,
    outputs: [],
    async plan(context, input): Promise<StepPlan> {
      const effects = [...shelf.things].toSorted().map((thing) => removal(input.shelf, thing));
      const blocker = {
        code: 'fragile',
        text: 'What stands there is fragile.',
        wayOut: 'Accept it.',
        exception: 'fragile',
      };
      const blockers = shelf.fragile && !context.accepted.has('fragile') ? [blocker] : [];
      return { ...nothing, summary: `remove ${effects.length} things`, effects, blockers };
    },
    async execute(context) {
      for (const [index, effect] of context.approved.entries()) {
        const thing = effect.object.name;
        await context.checkpoint();
        await shelf.beforeRemoval(thing);
        await context.progress({ done: index, total: context.approved.length, unit: 'things' });
        await context.mutate({
          effect,
          act: async () => {
            shelf.removals.push(thing);
            shelf.things.delete(thing);
            await shelf.duringRemoval(thing);
            return {};
          },
          observe: async () => ({ happened: !shelf.things.has(thing) }),
        });
      }
      return { summary: `removed ${context.approved.length} things`, changed: true };
    },
    observe: async (_context, { object }) => ({ happened: !shelf.things.has(object.name) }),
  });
  return new Map<string, Action>([mark, clear].map((action) => [action.name, action as Action]));
}
