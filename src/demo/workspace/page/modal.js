import { perform } from './act.js';
import { act } from './api.js';
import { blocks } from './blocks.js';
import { h, icon } from './dom.js';
import { withEmoji } from './emoji.js';
import { readFields } from './fields.js';
import { focusMessageBox } from './navigate.js';
import { store } from './store.js';

let shown;

/** The modal in front, if the person has one open. */
export function renderModal() {
  const views = [...store.views.values()];
  const view = views.at(-1);
  if (!view) {
    if (shown) leave();
    return;
  }
  const version = JSON.stringify([view.hash, view.errors]);
  if (shown?.id === view.id && shown.version === version) return;
  const entered = shown?.id === view.id ? readFields(shown.dialog) : undefined;
  const focused = shown?.id === view.id ? document.activeElement?.dataset.actionId : undefined;
  close();
  shown = { id: view.id, version, dialog: build(view, entered, views.length) };
  document.getElementById('dialogs').append(shown.dialog);
  shown.dialog.showModal();
  focusOn(shown.dialog, focused);
}

/** The focus goes back where it was; where that is gone, to the message box. */
function leave() {
  close();
  if (document.activeElement === document.body) focusMessageBox();
}

function close() {
  if (!shown) return;
  const { dialog } = shown;
  shown = undefined;
  dialog.close();
  dialog.remove();
}

function build(view, entered, depth) {
  const problem = h('p', { class: 'error', role: 'alert', hidden: true });
  const body = h(
    'div',
    { class: 'dialog-body' },
    blocks(
      view.blocks,
      surfaceOf(view, entered, () => dialog),
    ),
  );
  const leave = (all) => perform({ do: 'close_view', viewId: view.id, all });
  const dialog = h(
    'dialog',
    {
      class: 'dialog modal',
      'data-testid': 'modal',
      'data-view-id': view.id,
      'aria-labelledby': 'modal-title',
    },
    h(
      'header',
      { class: 'dialog-head' },
      h('h2', { id: 'modal-title' }, withEmoji(view.title?.text ?? '')),
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => leave(true) },
        icon('close'),
      ),
    ),
    body,
    problem,
    h(
      'footer',
      { class: 'dialog-foot' },
      h(
        'button',
        { type: 'button', class: 'button', onclick: () => leave(false) },
        view.close ? withEmoji(view.close.text) : depth > 1 ? 'Back' : 'Cancel',
      ),
      view.submit && submitButton(view, { problem, form: () => dialog }),
    ),
  );
  // Escape closes the modal in front; the workspace takes it away when the app knows
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    void leave(false);
  });
  return dialog;
}

function surfaceOf(view, entered, form) {
  return {
    errors: view.errors,
    click: (action) =>
      perform({ do: 'click_in_view', viewId: view.id, action, values: readFields(form()) }),
    suggest: async (action, typed) => {
      const request = { do: 'suggest', as: store.workspace.me, viewId: view.id, action, typed };
      return (await act(request)).options ?? [];
    },
    heldValue: (blockId, actionId) =>
      valueObject(view.state[blockId]?.[actionId], entered?.[blockId]?.[actionId]),
  };
}

/** What was entered in the form just taken down comes before what the workspace remembers. */
function valueObject(remembered, entered) {
  if (remembered === undefined || entered === undefined) return remembered;
  const [key] = Object.keys(remembered).filter((name) => name !== 'type');
  if (key === 'selected_options') return { [key]: entered.map((value) => ({ value })) };
  if (key === 'selected_option' && typeof entered === 'string')
    return { [key]: { value: entered } };
  return { [key]: entered };
}

function submitButton(view, { problem, form }) {
  return h(
    'button',
    {
      type: 'button',
      class: 'button button-primary',
      'data-testid': 'modal-submit',
      disabled: view.submit_disabled,
      onclick: async (event) => {
        const button = event.currentTarget;
        button.setAttribute('aria-busy', 'true');
        problem.hidden = true;
        const request = { do: 'submit', as: store.workspace.me, viewId: view.id };
        const outcome = await act({ ...request, values: readFields(form()) });
        button.removeAttribute('aria-busy');
        if (outcome.problem) {
          problem.hidden = false;
          problem.textContent = `We had some trouble connecting. ${outcome.problem} Try again?`;
        }
      },
    },
    withEmoji(view.submit.text),
  );
}

function focusOn(dialog, actionId) {
  const same = actionId && dialog.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`);
  const wrong = dialog.querySelector('.has-error input, .has-error textarea, .has-error select');
  const first = dialog.querySelector('.field input, .field textarea, .field select');
  (wrong ?? (same || first))?.focus();
}
