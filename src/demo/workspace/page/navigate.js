/** Goes to a place of this page, and does what follows once it is shown. */
export function goTo(hash, then = () => undefined) {
  if (location.hash === `#${hash}`) {
    then();
    return;
  }
  // added after the listener that shows places, and so called after it
  window.addEventListener('hashchange', () => then(), { once: true });
  location.hash = hash;
}

export function focusMessageBox() {
  document.querySelector('#main textarea')?.focus();
}
