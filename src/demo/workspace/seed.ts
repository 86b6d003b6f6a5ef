import type { WorkspaceSeed } from './model.ts';

const PEOPLE = ['U0MINA', 'U0JUN', 'U0SORA', 'U0KENJI', 'U0AIKO', 'U0GUEST', 'U0HANDRAIL'];

/** The workspace that `npm start` shows. Mina is an approver too, so that refusing one's own plan can be seen. */
export const demoSeed: WorkspaceSeed = {
  name: 'Meridian',
  botUser: 'U0HANDRAIL',
  users: [
    {
      id: 'U0MINA',
      name: 'mina',
      real_name: 'Mina Park',
      role: 'on-call KR',
      tz: 'Asia/Seoul',
      locale: 'ko-KR',
    },
    {
      id: 'U0JUN',
      name: 'jun',
      real_name: 'Jun Seo',
      role: 'SRE approver',
      tz: 'Asia/Seoul',
      locale: 'ko-KR',
    },
    {
      id: 'U0SORA',
      name: 'sora',
      real_name: 'Sora Kim',
      role: 'SRE approver',
      tz: 'Asia/Seoul',
      locale: 'ko-KR',
    },
    {
      id: 'U0KENJI',
      name: 'kenji',
      real_name: 'Kenji Tanaka',
      role: 'on-call JP',
      tz: 'Asia/Tokyo',
      locale: 'ja-JP',
    },
    {
      id: 'U0AIKO',
      name: 'aiko',
      real_name: 'Aiko Mori',
      role: 'SRE approver',
      tz: 'Asia/Tokyo',
      locale: 'ja-JP',
    },
    {
      id: 'U0GUEST',
      name: 'guest',
      real_name: 'Robin Vale',
      role: 'guest',
      tz: 'Europe/Berlin',
      locale: 'en-GB',
      is_restricted: true,
    },
    {
      id: 'U0HANDRAIL',
      name: 'handrail',
      real_name: 'Handrail',
      tz: 'Etc/UTC',
      locale: 'en-US',
      is_bot: true,
    },
  ],
  channels: [
    {
      id: 'C0KROPS',
      name: 'kr-oncall',
      topic: 'KR cluster: alerts, runbooks, handover',
      members: PEOPLE,
    },
    {
      id: 'C0JPOPS',
      name: 'jp-oncall',
      topic: 'JP cluster: alerts, runbooks, handover',
      members: PEOPLE,
    },
    { id: 'C0GENERAL', name: 'general', topic: 'Everyone', members: PEOPLE },
  ],
  groups: [
    {
      id: 'S0SRE',
      handle: 'sre-approvers',
      name: 'SRE approvers',
      users: ['U0MINA', 'U0JUN', 'U0SORA', 'U0AIKO'],
    },
  ],
  commands: [
    {
      command: '/runbook',
      usage: '[runbook] [target] [key=value…]',
      description: 'Plan a runbook, or list what there is',
    },
    {
      command: '/runbook node-unstable',
      usage: 'NODE',
      description: 'Cordon, drain and replace an unstable node',
    },
    { command: '/runbook list', usage: '', description: 'Show the runbooks' },
    { command: '/runbook status', usage: '[RUN]', description: 'Show what is running' },
    { command: '/runbook cancel', usage: 'RUN', description: 'Stop a run between two steps' },
    { command: '/runbook history', usage: '[target]', description: 'Show past runs' },
    {
      command: '/runbook help',
      usage: '[RUNBOOK]',
      description: 'Explain a runbook and its inputs',
    },
  ],
};
