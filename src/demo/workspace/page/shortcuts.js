import { h, icon } from './dom.js';

const SHORTCUTS = [
  [['Ctrl', 'K'], 'Go to a channel, act as somebody else'],
  [['Alt', '↑'], 'Channel above'],
  [['Alt', '↓'], 'Channel below'],
  [['F6'], 'Next part of the page; with Shift, the one before'],
  [['/'], 'In the message box: the commands; ↓ picks one, Tab takes it'],
  [['Enter'], 'Send; with Shift, a new line'],
  [['↑'], 'In the empty message box: the newest message'],
  [['↑', '↓'], 'On a message: the one before, the one after'],
  [['Tab'], 'On a message: its buttons'],
  [['T'], 'On a message: open its thread'],
  [['Esc'], 'Close the thread, a dialog or a list'],
  [['Ctrl', '/'], 'This list; outside the message box, ? too'],
];

/** All keys of the page. */
export function showShortcuts() {
  const close = () => dialog.close();
  const dialog = h(
    'dialog',
    { class: 'dialog shortcuts', 'aria-labelledby': 'shortcuts-title', 'data-testid': 'shortcuts' },
    h(
      'header',
      { class: 'dialog-head' },
      h('h2', { id: 'shortcuts-title' }, 'Keyboard shortcuts'),
      h(
        'button',
        { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close },
        icon('close'),
      ),
    ),
    h(
      'dl',
      { class: 'dialog-body' },
      ...SHORTCUTS.map(([keys, words]) =>
        h('div', {}, h('dt', {}, ...keys.map((key) => h('kbd', {}, key))), h('dd', {}, words)),
      ),
    ),
  );
  showDialog(dialog);
}

/** Shows a dialog of the page itself; the focus goes back where it was. */
export function showDialog(dialog) {
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.getElementById('dialogs').append(dialog);
  dialog.showModal();
}
