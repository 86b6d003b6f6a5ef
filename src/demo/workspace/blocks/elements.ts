import { z } from 'zod';
import {
  anyText,
  confirm,
  dispatchConfig,
  id,
  link,
  option,
  optionGroup,
  overflowOption,
  plainText,
  slackFile,
  style,
} from './objects.ts';
import { richText } from './rich-text.ts';

const action = { action_id: id.optional() };
const confirmable = { ...action, confirm: confirm.optional() };
const select = {
  ...confirmable,
  placeholder: plainText(150).optional(),
  focus_on_load: z.boolean().optional(),
};
const multi = { ...select, max_selected_items: z.number().int().min(1).optional() };
const typed = {
  ...action,
  placeholder: plainText(150).optional(),
  focus_on_load: z.boolean().optional(),
  dispatch_action_config: dispatchConfig.optional(),
  initial_value: z.string().optional(),
};
const choices = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).min(1).max(100).optional(),
};
const fewOptions = z
  .array(option.extend({ description: anyText(75).optional() }))
  .min(1)
  .max(10);
const conversationFilter = z.strictObject({
  include: z.array(z.enum(['im', 'mpim', 'private', 'public'])).optional(),
  exclude_external_shared_channels: z.boolean().optional(),
  exclude_bot_users: z.boolean().optional(),
});

/** Static selects need options or groups of them, and not both. */
function oneOfChoices(value: { options?: unknown; option_groups?: unknown }): boolean {
  return (value.options === undefined) !== (value.option_groups === undefined);
}
const choicesRule = { message: 'must hold either options or option_groups' };

export const button = z.strictObject({
  type: z.literal('button'),
  ...confirmable,
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: link.optional(),
  style: style.optional(),
  accessibility_label: z.string().max(75).optional(),
});

export const image = z
  .strictObject({
    type: z.literal('image'),
    alt_text: z.string().min(1).max(2000),
    image_url: link.optional(),
    slack_file: slackFile.optional(),
  })
  .refine((value) => (value.image_url === undefined) !== (value.slack_file === undefined), {
    message: 'must hold either image_url or slack_file',
  });

const staticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    ...select,
    ...choices,
    initial_option: option.optional(),
  })
  .refine(oneOfChoices, choicesRule);
const multiStaticSelect = z
  .strictObject({
    type: z.literal('multi_static_select'),
    ...multi,
    ...choices,
    initial_options: z.array(option).optional(),
  })
  .refine(oneOfChoices, choicesRule);
const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  ...select,
  initial_option: option.optional(),
  min_query_length: z.number().int().min(0).optional(),
});
const usersSelect = z.strictObject({
  type: z.literal('users_select'),
  ...select,
  initial_user: z.string().optional(),
});
const channelsSelect = z.strictObject({
  type: z.literal('channels_select'),
  ...select,
  initial_channel: z.string().optional(),
  response_url_enabled: z.boolean().optional(),
});
const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  ...select,
  initial_conversation: z.string().optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: conversationFilter.optional(),
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...confirmable,
  options: z.array(overflowOption).min(1).max(5),
});
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...confirmable,
  focus_on_load: z.boolean().optional(),
  options: fewOptions,
  initial_options: z.array(option).min(1).optional(),
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...confirmable,
  focus_on_load: z.boolean().optional(),
  options: fewOptions,
  initial_option: option.optional(),
});
const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  ...select,
  initial_date: z.iso.date().optional(),
});
const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  ...select,
  initial_time: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .optional(),
  timezone: z.string().optional(),
});
const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  ...confirmable,
  focus_on_load: z.boolean().optional(),
  initial_date_time: z.number().int().min(1e9).max(9_999_999_999).optional(),
});
const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...typed,
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(3000).optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
});
const emailInput = z.strictObject({ type: z.literal('email_text_input'), ...typed });
const urlInput = z.strictObject({ type: z.literal('url_text_input'), ...typed });
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...typed,
  is_decimal_allowed: z.boolean(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});
const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...typed,
  initial_value: richText.optional(),
});

const selects = [
  staticSelect,
  multiStaticSelect,
  externalSelect,
  usersSelect,
  channelsSelect,
  conversationsSelect,
] as const;

/** What an actions block may hold. */
export const actionElement = z.discriminatedUnion('type', [
  button,
  staticSelect,
  externalSelect,
  usersSelect,
  channelsSelect,
  conversationsSelect,
  overflow,
  checkboxes,
  radioButtons,
  datepicker,
  timepicker,
  datetimepicker,
]);

/** What may stand beside the text of a section. */
export const accessory = z.discriminatedUnion('type', [
  button,
  image,
  ...selects,
  overflow,
  checkboxes,
  radioButtons,
  datepicker,
  timepicker,
]);

/** What an input block may hold. */
export const inputElement = z.discriminatedUnion('type', [
  plainTextInput,
  emailInput,
  urlInput,
  numberInput,
  richTextInput,
  ...selects,
  checkboxes,
  radioButtons,
  datepicker,
  timepicker,
  datetimepicker,
]);
