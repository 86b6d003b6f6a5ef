import type { Json, JsonObject } from '../../../json.ts';
import { fieldValue } from './view-state.ts';

/**
 * The value object of an element for what a person chose or typed. Options are named by their `value`;
 * a whole value object (with its `type`) is taken as it is.
 * @throws Error when the element has no such option
 */
export function chosenValue(element: JsonObject, chosen: unknown): JsonObject {
  if (isObject(chosen) && 'type' in chosen) return chosen;
  const type = String(element['type']);
  if (type === 'external_select') return fieldValue(element, chosen as Json);
  if (type === 'checkboxes' || type.startsWith('multi_static')) {
    const values = Array.isArray(chosen) ? chosen : [];
    return fieldValue(
      element,
      values.map((value) => optionOf(element, value)),
    );
  }
  if (['static_select', 'radio_buttons', 'overflow'].includes(type)) {
    return fieldValue(element, chosen === null ? null : optionOf(element, chosen));
  }
  return fieldValue(element, (chosen ?? null) as Json);
}

function optionOf(element: JsonObject, chosen: unknown): JsonObject {
  const value = isObject(chosen) ? chosen['value'] : chosen;
  const found = optionsOf(element).find((option) => option['value'] === value);
  if (!found) throw new Error(`${String(element['action_id'])} has no option ${String(value)}`);
  return found;
}

function optionsOf(element: JsonObject): JsonObject[] {
  const groups = element['option_groups'];
  const grouped = Array.isArray(groups)
    ? (groups as { options: JsonObject[] }[]).flatMap((group) => group.options)
    : [];
  return [...((element['options'] ?? []) as JsonObject[]), ...grouped];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
