import type { JsonObject } from '../../../json.ts';
import type { StoredView, ViewState } from '../model.ts';
import { chosenValue } from './chosen-value.ts';
import { inputFields } from './view-state.ts';

/** Values by block and action id; each a value object, a text, or the `value` of an option. */
export type EnteredValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The state of a view with what a person has entered; fields they left alone keep their value. */
export function enteredState(view: StoredView, entered: EnteredValues): ViewState {
  const state: Record<string, Record<string, JsonObject>> = {};
  for (const { blockId, actionId, element } of inputFields(view.blocks)) {
    const given = entered[blockId]?.[actionId];
    const old = view.state[blockId]?.[actionId];
    const value = given === undefined ? old : chosenValue(element, given);
    if (value) state[blockId] = { ...state[blockId], [actionId]: value };
  }
  return state;
}
