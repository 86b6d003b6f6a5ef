import { z } from 'zod';
import { id } from './objects.ts';

const textStyle = z
  .strictObject({
    bold: z.boolean(),
    italic: z.boolean(),
    strike: z.boolean(),
    code: z.boolean(),
    underline: z.boolean(),
    highlight: z.boolean(),
    client_highlight: z.boolean(),
    unlink: z.boolean(),
  })
  .partial()
  .optional();

const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1), style: textStyle });
const link = z.strictObject({
  type: z.literal('link'),
  url: z.string().min(1),
  text: z.string().optional(),
  unsafe: z.boolean().optional(),
  style: textStyle,
});
const emoji = z.strictObject({
  type: z.literal('emoji'),
  name: z.string().min(1),
  unicode: z.string().optional(),
  url: z.string().optional(),
  style: textStyle,
});
const date = z.strictObject({
  type: z.literal('date'),
  timestamp: z.number().int(),
  format: z.string().min(1),
  url: z.string().optional(),
  fallback: z.string().optional(),
  style: textStyle,
});

const inline = z.discriminatedUnion('type', [
  text,
  link,
  emoji,
  date,
  z.strictObject({ type: z.literal('user'), user_id: z.string(), style: textStyle }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string(), style: textStyle }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: z.string(), style: textStyle }),
  z.strictObject({ type: z.literal('team'), team_id: z.string(), style: textStyle }),
  z.strictObject({ type: z.literal('color'), value: z.string(), style: textStyle }),
  z.strictObject({
    type: z.literal('broadcast'),
    range: z.enum(['here', 'channel', 'everyone']),
    style: textStyle,
  }),
]);

const border = z.union([z.literal(0), z.literal(1)]).optional();
const section = z.strictObject({
  type: z.literal('rich_text_section'),
  elements: z.array(inline),
});

export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: id.optional(),
  elements: z.array(
    z.discriminatedUnion('type', [
      section,
      z.strictObject({
        type: z.literal('rich_text_list'),
        elements: z.array(section),
        style: z.enum(['bullet', 'ordered']),
        indent: z.number().int().min(0).max(8).optional(),
        offset: z.number().int().min(0).optional(),
        border,
      }),
      z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(inline), border }),
      z.strictObject({
        type: z.literal('rich_text_preformatted'),
        elements: z.array(z.discriminatedUnion('type', [text, link])),
        border,
        language: z.string().optional(),
      }),
    ]),
  ),
});
