/**
 * Builds an element. Text is only ever set as text, so nothing that people or apps write can become markup.
 * @param {string} tag
 * @param {Record<string, unknown>} [props] attributes; `onclick` and the like are listeners
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  element.append(...children.flat(4).filter(isShown));
  return element;
}

function setProp(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'value') element.value = value;
  else element.setAttribute(name, value === true ? '' : String(value));
}

function isShown(child) {
  return child !== undefined && child !== null && child !== false && child !== '';
}

const ICONS = {
  hash: 'M9 4 7 20M17 4l-2 16M4 9h16M3 15h16',
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6 6 18',
  reply: 'M4 5h16v11H11l-5 4v-4H4z',
  send: 'M5 12h13M12 5l7 7-7 7',
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  pin: 'M9 4h6l-1 6 3 3H7l3-3-1-6zM12 13v7',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z',
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  alert: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  chevron: 'M7 10l5 5 5-5',
  cluster: 'M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z',
  link: 'M9 15l6-6M8 12l-2 2a3.500 3.500 0 0 0 5 5l2-2M16 12l2-2a3.500 3.500 0 0 0-5-5l-2 2',
};
const SVG = 'http://www.w3.org/2000/svg';

/** A line drawing beside text; it says nothing by itself. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon icon-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * Makes the children of `container` the given items, touching only what changed, so that focus, scroll
 * and open menus outlive an update.
 * @param {{key: string, version: string, build: () => Element}[]} items
 */
export function keyed(container, items) {
  const old = new Map([...container.children].map((child) => [child.dataset.key, child]));
  const wanted = new Set(items.map((item) => item.key));
  for (const [key, child] of old) if (!wanted.has(key)) child.remove();
  const elements = items.map((item) => current(item, old.get(item.key)));
  for (const [index, element] of elements.entries()) {
    const there = container.children[index];
    if (there !== element) container.insertBefore(element, there ?? null);
  }
}

function current(item, known) {
  if (known?.dataset.version === item.version) return known;
  const element = item.build();
  element.dataset.key = item.key;
  element.dataset.version = item.version;
  if (known) {
    moveFocus(known, element);
    known.replaceWith(element);
  }
  return element;
}

/** Somebody in a message that has just been updated stays on the same button of it, or at least in it. */
function moveFocus(from, to) {
  const focused = document.activeElement;
  if (!from.contains(focused)) return;
  const { actionId } = focused.dataset;
  requestAnimationFrame(() => {
    const same = actionId && to.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`);
    (same || to).focus({ preventScroll: true });
  });
}
