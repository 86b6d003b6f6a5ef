import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { MessageFile, StoredFile } from '../model.ts';
import { SlackApiError } from './api-error.ts';
import { writableChannel } from './conversation-access.ts';
import { type ApiContext, json, type Method, method } from './method.ts';

const UrlArgs = z.object({
  filename: z.string().min(1),
  length: z.coerce.number().int().positive(),
});
const CompleteArgs = z.object({
  files: json(z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1)),
  channel_id: z.string().optional(),
  channels: z.string().optional(),
  thread_ts: z.string().optional(),
  initial_comment: z.string().optional(),
});

/** Uploads: ask for an address, send the bytes to it (see page routes), then share the file. */
export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': method(UrlArgs, (args, { state, url }) => {
    const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
    const file: StoredFile = {
      id,
      name: args.filename,
      title: args.filename,
      mimetype: 'text/plain',
      size: args.length,
      url_private: `${url()}files/${id}`,
      content: '',
      shared: false,
    };
    state.apply({ type: 'file', file });
    return { upload_url: `${url()}upload/${id}`, file_id: id };
  }),
  'files.completeUploadExternal': method(CompleteArgs, complete),
};

function complete(args: z.infer<typeof CompleteArgs>, { state }: ApiContext) {
  const files = args.files.map(({ id, title }) => {
    const file = state.files.get(id);
    if (!file) throw new SlackApiError('file_not_found');
    return { ...file, title: title ?? file.title, shared: true };
  });
  const channelId = args.channel_id ?? args.channels;
  const channel = channelId === undefined ? undefined : writableChannel(state, channelId);
  for (const file of files) state.apply({ type: 'file', file });
  const shown = files.map(withoutContent);
  if (channel) {
    state.apply({
      type: 'message',
      message: {
        channel: channel.id,
        ts: state.nextTs(),
        user: state.botUser,
        text: args.initial_comment ?? '',
        blocks: [],
        files: shown,
        ...(args.thread_ts === undefined ? {} : { thread_ts: args.thread_ts }),
      },
    });
  }
  return { files: shown };
}

function withoutContent({ content: _content, shared: _shared, ...file }: StoredFile): MessageFile {
  return file;
}
