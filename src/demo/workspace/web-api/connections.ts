import { z } from 'zod';
import { SlackApiError } from './api-error.ts';
import { type Method, method } from './method.ts';

export const connectionMethods: Record<string, Method> = {
  'apps.connections.open': method(z.object({}), (_args, { sockets }) => {
    const url = sockets.issueUrl();
    if (url === undefined) throw new SlackApiError('access_denied');
    return { url };
  }),
};
