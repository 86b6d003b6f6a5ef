import { perform } from './act.js';
import { writeInto } from './composer.js';
import { h, icon } from './dom.js';
import { focusMessageBox, goTo } from './navigate.js';
import { become } from './person.js';
import { changed, store } from './store.js';

const HIDDEN_KEY = 'guide-hidden';

/** There is a guide, and somebody has put it away. */
export function guideIsHidden() {
  return store.guide !== undefined && localStorage.getItem(HIDDEN_KEY) !== null;
}

export function showGuide() {
  localStorage.removeItem(HIDDEN_KEY);
  changed();
}

function hideGuide() {
  localStorage.setItem(HIDDEN_KEY, 'yes');
  changed();
  focusMessageBox();
}

let shown;

/** Leads through a first run. A step ticks itself off when it has really happened. */
export function renderGuide(root) {
  root.hidden = store.guide === undefined || guideIsHidden();
  const version = JSON.stringify([root.hidden, store.guide, store.workspace.me]);
  if (shown === version) return;
  shown = version;
  if (root.hidden) {
    root.replaceChildren();
    return;
  }
  const focused = root.contains(document.activeElement);
  root.replaceChildren(...content(store.guide));
  // the button that had the focus may have gone with its step
  if (focused) root.querySelector('button')?.focus();
}

function content(steps) {
  const current = steps.find(({ isDone }) => !isDone);
  const done = steps.filter(({ isDone }) => isDone).length;
  return [
    h(
      'header',
      { class: 'guide-head' },
      h('h2', {}, 'First run'),
      h('span', { class: 'muted' }, `${done} of ${steps.length} done`),
      h(
        'button',
        {
          type: 'button',
          class: 'icon-button',
          'aria-label': 'Hide the guide',
          onclick: hideGuide,
        },
        icon('close'),
      ),
    ),
    h('ol', { class: 'guide-steps' }, ...steps.map((step) => stepView(step, step === current))),
    current === undefined && h('p', { class: 'guide-end' }, END),
  ].filter(Boolean);
}

const END =
  'That was a whole run. To start over, stop the demo, delete its data directory (.handrail), and start it again.';

function stepView(step, isCurrent) {
  const words = step.isDone ? 'done' : isCurrent ? 'now' : 'later';
  return h(
    'li',
    {
      class: `guide-step guide-${words}`,
      'data-step': step.id,
      'data-done': step.isDone,
      'aria-current': isCurrent ? 'step' : undefined,
    },
    h('span', { class: 'guide-mark', 'aria-hidden': 'true' }, step.isDone && icon('check')),
    h(
      'div',
      { class: 'guide-main' },
      h('h3', {}, step.title, h('span', { class: 'only-heard' }, `, ${words}`)),
      isCurrent && h('p', {}, step.text),
      isCurrent &&
        h('div', { class: 'guide-offers' }, ...step.offers.filter(isOpen).map(offerButton)),
    ),
  );
}

/** Nobody is offered to become who they are. */
function isOpen(offer) {
  return offer.do !== 'act_as' || offer.user !== store.workspace.me;
}

function offerButton(offer) {
  return h(
    'button',
    { type: 'button', class: 'button button-primary', onclick: () => take(offer) },
    offer.label,
  );
}

const TAKE = {
  control: ({ control }) => perform({ do: 'control', control }),
  compose: ({ channel, text }) => writeInto(channel, text),
  act_as: ({ user, channel }) => goTo(channel, () => become(user)),
  show_cluster: () => goTo('cluster'),
};

function take(offer) {
  return TAKE[offer.do](offer);
}
