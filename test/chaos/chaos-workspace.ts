import type { User, WorkspaceSeed } from '../../src/demo/workspace/model.ts';

const BOT = 'U0HANDRAIL';
export const REQUESTERS = ['U0ANN', 'U0BEN', 'U0CHO'] as const;
export const APPROVERS = ['U0DAN', 'U0EVA', 'U0FUJ', 'U0GIL'] as const;

export function channelOf(cluster: string): string {
  return `C0${cluster.toUpperCase()}`;
}

function person(id: string): User {
  const name = id.slice(2).toLowerCase();
  return { id, name, real_name: name, tz: 'Etc/UTC', locale: 'en-US', is_bot: id === BOT };
}

/** A channel for each cluster; those who ask may not approve. */
export function chaosWorkspace(clusters: readonly string[]): WorkspaceSeed {
  const members = [...REQUESTERS, ...APPROVERS, BOT];
  return {
    name: 'Chaos',
    botUser: BOT,
    users: members.map(person),
    channels: clusters.map((name) => ({ id: channelOf(name), name, members })),
    groups: [{ id: 'S0SRE', handle: 'sre', users: APPROVERS }],
    commands: [{ command: '/runbook', usage: '', description: '' }],
  };
}
