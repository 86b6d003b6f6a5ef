import type { Clock } from '../../clock.ts';
import { Journal, readRecords, replaceRecords } from './journal.ts';
import type { WorkspaceSeed } from './model.ts';
import { type Change, WorkspaceState } from './state.ts';

/** A file with more records than this is written anew at the start, without what has been overtaken. */
const MANY_RECORDS = 2000;

export interface OpenedState {
  readonly state: WorkspaceState;
  close(): Promise<void>;
}

/** The workspace as the file knows it, or as the seed has it; later changes are kept in the file if there is one. */
export async function openState(
  seed: WorkspaceSeed,
  clock: Clock,
  dataFile: string | undefined,
): Promise<OpenedState> {
  const state = new WorkspaceState(seed, clock);
  if (dataFile === undefined) return { state, close: async () => undefined };
  // written by this program only, so their shape is known
  const records = (await readRecords(dataFile)) as Change[];
  for (const record of records) state.replay(record);
  if (records.length > MANY_RECORDS) await replaceRecords(dataFile, state.snapshot());
  const journal = await Journal.open(dataFile);
  state.keepIn(journal);
  return { state, close: () => journal.close() };
}
