import type { WorkspaceState } from '../state.ts';

/** The three characters that Slack's markup keeps for itself. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What a person typed, as the markup that Slack stores: `@Mina Park` → `<@U0MINA>`, `#general` → `<#C…|general>`. */
export function toMarkup(state: WorkspaceState, typed: string): string {
  return withReferences(typed, names(state));
}

/** The same for a command with `should_escape`, in which people have their names beside their ids. */
export function toCommandMarkup(state: WorkspaceState, typed: string): string {
  const named = names(state).map(([name, reference]): [string, string] => {
    const user = state.users.get(/^<@(\w+)>$/.exec(reference)?.[1] ?? '');
    return [name, user ? `<@${user.id}|${user.name}>` : reference];
  });
  return withReferences(typed, named);
}

function withReferences(typed: string, references: readonly [string, string][]): string {
  let text = escapeText(typed);
  for (const [name, reference] of references) {
    const escaped = escapeText(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    text = text.replace(new RegExp(`(^|[\\s(])${escaped}(?![\\w-])`, 'gi'), `$1${reference}`);
  }
  return text;
}

/** Longest first, so that `@Mina Park` is not read as `@Mina` and a surname. */
function names(state: WorkspaceState): [string, string][] {
  const people = [...state.users.values()].flatMap((user): [string, string][] => [
    [`@${user.real_name}`, `<@${user.id}>`],
    [`@${user.name}`, `<@${user.id}>`],
  ]);
  const groups = [...state.groups.values()].map((group): [string, string] => [
    `@${group.handle}`,
    `<!subteam^${group.id}|@${group.handle}>`,
  ]);
  const channels = [...state.channels.values()]
    .filter((channel) => !channel.is_im)
    .map((channel): [string, string] => [`#${channel.name}`, `<#${channel.id}|${channel.name}>`]);
  return [...people, ...groups, ...channels].sort(([a], [b]) => b.length - a.length);
}
