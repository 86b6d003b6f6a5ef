import { h } from './dom.js';
import { textObject } from './mrkdwn.js';

/** Asks before something is done. Resolves with whether to do it; Escape means no. */
export function askToConfirm(confirm) {
  return new Promise((resolve) => {
    const answer = (isYes) => () => dialog.close(isYes ? 'yes' : 'no');
    const style = confirm.style === 'danger' ? 'danger' : 'primary';
    const dialog = h(
      'dialog',
      { class: 'dialog confirm', 'data-testid': 'confirm', 'aria-labelledby': 'confirm-title' },
      h('h2', { id: 'confirm-title' }, textObject(confirm.title ?? plain('Are you sure?'))),
      h('div', { class: 'dialog-body' }, h('p', {}, textObject(confirm.text))),
      h(
        'div',
        { class: 'dialog-foot' },
        h(
          'button',
          { type: 'button', class: 'button', 'data-testid': 'confirm-no', onclick: answer(false) },
          textObject(confirm.deny ?? plain('Cancel')),
        ),
        h(
          'button',
          {
            type: 'button',
            class: `button button-${style}`,
            'data-testid': 'confirm-yes',
            onclick: answer(true),
          },
          textObject(confirm.confirm ?? plain('Yes')),
        ),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.getElementById('dialogs').append(dialog);
    dialog.showModal();
  });
}

function plain(text) {
  return { type: 'plain_text', text };
}
