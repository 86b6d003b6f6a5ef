import { z } from 'zod';

/** `block_id` and `action_id`. */
export const id = z.string().min(1).max(255);
export const style = z.enum(['primary', 'danger']);
export const link = z.string().min(1).max(3000);

export function plainText(max: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

export function mrkdwn(max: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

export function anyText(max: number) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

export const confirm = z.strictObject({
  title: plainText(100).optional(),
  text: anyText(300),
  confirm: plainText(30).optional(),
  deny: plainText(30).optional(),
  style: style.optional(),
});

export const option = z.strictObject({
  text: anyText(75),
  value: z.string().min(1).max(150),
  description: plainText(75).optional(),
});

export const overflowOption = option.extend({ url: link.optional() });

export const optionGroup = z.strictObject({
  label: plainText(75),
  options: z.array(option).min(1).max(100),
});

export const slackFile = z.union([
  z.strictObject({ url: link }),
  z.strictObject({ id: z.string().min(1) }),
]);

export const dispatchConfig = z.strictObject({
  trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional(),
});
