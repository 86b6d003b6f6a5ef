import { z } from 'zod';

/** The fields of Slack's payloads that are used. */
export const ButtonValue = z.object({
  runId: z.string().max(100),
  gate: z.number().int().optional(),
});
export type ButtonValue = z.infer<typeof ButtonValue>;

export const CommandBody = z.object({
  text: z.string().default(''),
  user_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string(),
});

export const ClickBody = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string(),
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  view: z.object({ id: z.string(), private_metadata: z.string().default('') }).optional(),
});
export type ClickBody = z.infer<typeof ClickBody>;

export const ClickAction = z.object({
  action_ts: z.string(),
  value: z.string().optional(),
  selected_option: z.object({ value: z.string() }).nullish(),
});
export type ClickAction = z.infer<typeof ClickAction>;

const FieldValue = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_options: z.array(z.object({ value: z.string() })).optional(),
});

export const SubmissionBody = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string(),
  view: z.object({
    id: z.string(),
    private_metadata: z.string().default(''),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), FieldValue)) }),
  }),
});
export type SubmissionBody = z.infer<typeof SubmissionBody>;

export const Memory = z.object({
  runId: z.string(),
  gate: z.number().int().optional(),
  channel: z.string().optional(),
  threadTs: z.string().optional(),
});

export const PickerNote = z.object({
  channel: z.string().default(''),
  runbook: z.string().optional(),
  cluster: z.string().optional(),
});
export type PickerNote = z.infer<typeof PickerNote>;

export const MentionEvent = z.object({
  user: z.string(),
  text: z.string(),
  channel: z.string(),
  thread_ts: z.string().optional(),
  subtype: z.string().optional(),
  bot_id: z.string().optional(),
});
export type MentionEvent = z.infer<typeof MentionEvent>;

export const HomeOpened = z.object({ user: z.string(), tab: z.string().default('home') });

/** JSON that we wrote ourselves and Slack gave back. */
export function fromJson<T>(schema: z.ZodType<T>, text: string | undefined): T {
  return schema.parse(JSON.parse(text || '{}'));
}

/** The texts of one field; empty where nothing was entered. */
export function fieldTexts({ view }: SubmissionBody, block: string, action: string): string[] {
  const field = view.state.values[block]?.[action];
  if (field?.selected_options) return field.selected_options.map((option) => option.value);
  const text = field?.value ?? field?.selected_option?.value;
  return text ? [text] : [];
}
