import { z } from 'zod';
import { accessory, actionElement, button, image, inputElement } from './elements.ts';
import { anyText, id, link, mrkdwn, plainText, slackFile } from './objects.ts';
import { richText } from './rich-text.ts';

const base = { block_id: id.optional() };

const actions = z.strictObject({
  type: z.literal('actions'),
  ...base,
  elements: z.array(actionElement).min(1).max(25),
});
const alert = z.strictObject({
  type: z.literal('alert'),
  ...base,
  text: anyText(3000),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});
const card = z.strictObject({
  type: z.literal('card'),
  ...base,
  hero_image: image.optional(),
  icon: image.optional(),
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  body: mrkdwn(200).optional(),
  actions: z.array(button).max(3).optional(),
});
const carousel = z.strictObject({
  type: z.literal('carousel'),
  ...base,
  elements: z.array(card).min(1).max(10),
});
const context = z.strictObject({
  type: z.literal('context'),
  ...base,
  elements: z
    .array(z.discriminatedUnion('type', [plainText(2000), mrkdwn(2000), image]))
    .min(1)
    .max(10),
});
const divider = z.strictObject({ type: z.literal('divider'), ...base });
const header = z.strictObject({ type: z.literal('header'), ...base, text: plainText(150) });
const imageBlock = z
  .strictObject({
    type: z.literal('image'),
    ...base,
    alt_text: z.string().min(1).max(2000),
    title: plainText(2000).optional(),
    image_url: link.optional(),
    slack_file: slackFile.optional(),
  })
  .refine((value) => (value.image_url === undefined) !== (value.slack_file === undefined), {
    message: 'must hold either image_url or slack_file',
  });
const input = z.strictObject({
  type: z.literal('input'),
  ...base,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});
const markdown = z.strictObject({
  type: z.literal('markdown'),
  ...base,
  text: z.string().min(1).max(12_000),
});
const section = z
  .strictObject({
    type: z.literal('section'),
    ...base,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((value) => value.text !== undefined || value.fields !== undefined, {
    message: 'must hold text or fields',
  });
const rawCell = [
  z.strictObject({ type: z.literal('raw_text'), text: z.string() }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string() }),
  richText,
] as const;
const cell = z.discriminatedUnion('type', rawCell);
const table = z.strictObject({
  type: z.literal('table'),
  ...base,
  rows: z.array(z.array(cell).max(20)).min(1).max(100),
  column_settings: z
    .array(
      z
        .strictObject({
          align: z.enum(['left', 'center', 'right']).optional(),
          is_wrapped: z.boolean().optional(),
        })
        .nullable(),
    )
    .max(20)
    .optional(),
});
const dataTable = z.strictObject({
  type: z.literal('data_table'),
  ...base,
  caption: z.string().min(1),
  rows: z.array(z.array(cell).max(20)).min(1).max(101),
  page_size: z.number().int().min(1).max(100).optional(),
  row_header_column_index: z.number().int().min(0).optional(),
});
const taskCard = z.strictObject({
  type: z.literal('task_card'),
  ...base,
  task_id: z.string().min(1).max(255),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: richText.optional(),
  output: richText.optional(),
  sources: z
    .array(z.strictObject({ type: z.literal('url'), url: link, text: z.string() }))
    .optional(),
});
const plan = z.strictObject({
  type: z.literal('plan'),
  ...base,
  title: z.string().min(1),
  // inside a plan the tasks may leave their type out
  tasks: z.array(taskCard.partial({ type: true })).optional(),
});
const video = z.strictObject({
  type: z.literal('video'),
  ...base,
  alt_text: z.string().max(2000),
  title: plainText(200),
  video_url: link,
  thumbnail_url: link,
  title_url: link.optional(),
  author_name: z.string().max(50).optional(),
  provider_name: z.string().optional(),
  provider_icon_url: link.optional(),
  description: plainText(200).optional(),
});
const feedback = z.strictObject({
  text: plainText(75),
  value: z.string().max(2000),
  accessibility_label: z.string().max(75).optional(),
});
const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  ...base,
  elements: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('feedback_buttons'),
          action_id: id.optional(),
          positive_button: feedback,
          negative_button: feedback,
        }),
        z.strictObject({
          type: z.literal('icon_button'),
          action_id: id.optional(),
          icon: z.string(),
          text: plainText(75),
          value: z.string().max(2000).optional(),
          accessibility_label: z.string().max(75).optional(),
          visible_to_user_ids: z.array(z.string()).optional(),
        }),
      ]),
    )
    .min(1)
    .max(5),
});
const inContainer = z.discriminatedUnion('type', [
  actions,
  context,
  divider,
  header,
  imageBlock,
  input,
  richText,
  section,
  table,
  video,
]);
const container = z.strictObject({
  type: z.literal('container'),
  ...base,
  title: plainText(150).optional(),
  rich_text_title: richText.optional(),
  subtitle: anyText(150).optional(),
  icon: image.optional(),
  width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
  child_blocks: z.array(inContainer).min(1).max(10),
  is_collapsible: z.boolean().optional(),
  default_collapsed: z.boolean().optional(),
  has_header_divider: z.boolean().optional(),
});

/** One block of any kind, with Slack's lengths and counts; unknown fields are refused as Slack does. */
export const anyBlock = z.discriminatedUnion('type', [
  actions,
  alert,
  card,
  carousel,
  container,
  context,
  contextActions,
  dataTable,
  divider,
  header,
  imageBlock,
  input,
  markdown,
  plan,
  richText,
  section,
  table,
  taskCard,
  video,
]);
export type AnyBlock = z.infer<typeof anyBlock>;
