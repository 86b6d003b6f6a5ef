import { h, icon } from './dom.js';
import { withEmoji } from './emoji.js';
import { outerLink } from './names.js';
import { richText } from './rich-text.js';

const STATUS_WORDS = {
  pending: 'To do',
  in_progress: 'In progress',
  complete: 'Done',
  error: 'Failed',
};

/** The tasks of a plan under its title, with how far it has come. */
export function plan(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === 'complete').length;
  return h(
    'section',
    { class: 'plan' },
    h(
      'header',
      {},
      h('h4', {}, withEmoji(block.title)),
      tasks.length > 0 && h('span', { class: 'plan-count' }, `${done} of ${tasks.length}`),
    ),
    h('ol', {}, ...tasks.map((task) => h('li', {}, taskCard(task)))),
  );
}

/** One task: its state is said in words too, never by colour alone. */
export function taskCard(task) {
  const hasMore = task.details || task.output || (task.sources ?? []).length > 0;
  const mark =
    task.status === 'complete' ? icon('check') : task.status === 'error' ? '!' : undefined;
  return h(
    'div',
    { class: `task task-${task.status}` },
    h('span', { class: 'task-mark', 'aria-hidden': 'true' }, mark),
    h(
      'div',
      { class: 'task-main' },
      h(
        'div',
        { class: 'task-title' },
        withEmoji(task.title),
        h('span', { class: 'task-status' }, STATUS_WORDS[task.status]),
      ),
      hasMore &&
        h(
          'div',
          { class: 'task-more' },
          task.details && richText(task.details),
          task.output && richText(task.output),
          ...(task.sources ?? []).map((source) => outerLink(source.url, source.text)),
        ),
    ),
  );
}
