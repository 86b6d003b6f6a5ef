import { z } from 'zod';
import { SlackApiError } from './api-error.ts';
import { findMessage } from './conversation-access.ts';
import { type ApiContext, type Method, method } from './method.ts';

const ReactionArgs = z.object({
  channel: z.string(),
  timestamp: z.string(),
  name: z.string().regex(/^[a-z0-9_+'-]+$/),
});
const PinArgs = z.object({ channel: z.string(), timestamp: z.string() });

export const markMethods: Record<string, Method> = {
  'reactions.add': method(ReactionArgs, addReaction),
  'reactions.remove': method(ReactionArgs, removeReaction),
  'pins.add': method(PinArgs, (args, { state }) => {
    const message = findMessage(state, args.channel, args.timestamp);
    if (message.pinned) throw new SlackApiError('already_pinned');
    state.apply({ type: 'message', message: { ...message, pinned: true } });
    return {};
  }),
  'pins.remove': method(PinArgs, (args, { state }) => {
    const { pinned, ...message } = findMessage(state, args.channel, args.timestamp);
    if (!pinned) throw new SlackApiError('no_pin');
    state.apply({ type: 'message', message });
    return {};
  }),
};

function addReaction(args: z.infer<typeof ReactionArgs>, { state }: ApiContext) {
  const message = findMessage(state, args.channel, args.timestamp);
  const reactions = message.reactions ?? [];
  const same = reactions.find((reaction) => reaction.name === args.name);
  if (same?.users.includes(state.botUser)) throw new SlackApiError('already_reacted');
  const others = reactions.filter((reaction) => reaction !== same);
  const added = { name: args.name, users: [...(same?.users ?? []), state.botUser] };
  state.apply({ type: 'message', message: { ...message, reactions: [...others, added] } });
  return {};
}

function removeReaction(args: z.infer<typeof ReactionArgs>, { state }: ApiContext) {
  const message = findMessage(state, args.channel, args.timestamp);
  const reactions = message.reactions ?? [];
  const same = reactions.find((reaction) => reaction.name === args.name);
  if (!same?.users.includes(state.botUser)) throw new SlackApiError('no_reaction');
  const users = same.users.filter((user) => user !== state.botUser);
  const others = reactions.filter((reaction) => reaction !== same);
  const left = users.length > 0 ? [...others, { ...same, users }] : others;
  state.apply({ type: 'message', message: { ...message, reactions: left } });
  return {};
}
