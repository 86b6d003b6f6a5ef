import type { AnyMiddlewareArgs, App } from '@slack/bolt';
import type { Logger } from 'pino';
import { z } from 'zod';

/** Commands and events say it in one way, clicks and forms in another. */
const From = z.object({
  team_id: z.string().nullish(),
  team: z.object({ id: z.string() }).nullish(),
});

const ELSEWHERE =
  'Handrail works for another workspace than this one; nothing was done. Ask who runs it to install one for this workspace.';

/**
 * Our token, our people and our approvers are those of one workspace: what is signed for this app and comes from another,
 * where somebody installed it too, is refused.
 */
export function refuseOtherWorkspaces(app: App, { teamId, log }: { teamId: string; log: Logger }) {
  app.use(async ({ next, ...args }) => {
    const { team_id, team } = From.safeParse(args.body).data ?? {};
    const from = team_id ?? team?.id;
    if (from === undefined || from === teamId) return next();
    log.warn({ from, ours: teamId }, 'a delivery of another workspace is refused');
    await refuse(args as AnyMiddlewareArgs);
  });
}

async function refuse(args: AnyMiddlewareArgs): Promise<void> {
  if ('ack' in args && args.ack) await args.ack();
  if (!('respond' in args) || !args.respond) return;
  await args.respond({ text: ELSEWHERE, response_type: 'ephemeral', replace_original: false });
}
