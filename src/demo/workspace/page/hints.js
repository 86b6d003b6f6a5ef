import { store } from './store.js';

const MAX_HINTS = 8;

/**
 * What could follow the text in front of the caret: commands after a slash, people and groups after @,
 * channels after #. `active` is the hint that Enter takes; -1 when Enter should send.
 */
export function hintsFor(before) {
  if (before.startsWith('/')) return { items: commandHints(before), active: -1 };
  const [, word] = /(?:^|\s)([@#][^\s@#]*)$/.exec(before) ?? [];
  if (word === undefined) return { items: [], active: -1 };
  const items = names(word[0])
    .filter(({ label }) => label.toLowerCase().startsWith(word.toLowerCase()))
    .slice(0, MAX_HINTS)
    .map((item) => ({
      ...item,
      complete: (text) => `${text.slice(0, -word.length)}${item.label} `,
    }));
  const isWhole = items.some(({ label }) => label.toLowerCase() === word.toLowerCase());
  return isWhole ? { items: [], active: -1 } : { items, active: 0 };
}

function commandHints(before) {
  const { commands } = store.workspace;
  return commands
    .filter(({ command }) => command.startsWith(before.trimEnd()) && command !== before.trimEnd())
    .concat(commands.filter(({ command }) => command === before.trimEnd()))
    .slice(0, MAX_HINTS)
    .map(({ command, usage, description }) => ({
      label: command,
      usage,
      description,
      complete: () => `${command} `,
    }));
}

function names(mark) {
  if (mark === '#') {
    return [...store.channels.values()]
      .filter((channel) => !channel.is_im)
      .map((channel) => ({ label: `#${channel.name}`, description: channel.topic ?? '' }));
  }
  const people = [...store.users.values()].map((user) => ({
    label: `@${user.real_name}`,
    description: user.role ?? (user.is_bot ? 'app' : ''),
  }));
  const groups = [...store.groups.values()].map((group) => ({
    label: `@${group.handle}`,
    description: group.name ?? '',
  }));
  return [...people, ...groups];
}
