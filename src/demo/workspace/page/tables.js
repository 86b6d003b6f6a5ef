import { h } from './dom.js';
import { withEmoji } from './emoji.js';
import { richText } from './rich-text.js';

/** A table block; its first row is the head. */
export function table(block) {
  return scrolling(rowsOf(block.rows, block.column_settings ?? []));
}

const PAGE_SIZE = 5;

/** A data table: caption, head, and the rest behind a button when it is long. */
export function dataTable(block) {
  const size = block.page_size ?? PAGE_SIZE;
  const [head, ...body] = block.rows;
  const render = (count) => rowsOf([head, ...body.slice(0, count)], []);
  const holder = h('div', {}, scrolling(render(size)));
  const more = h(
    'button',
    {
      type: 'button',
      class: 'button',
      onclick: () => {
        holder.replaceChildren(scrolling(render(body.length)));
        more.remove();
      },
    },
    `Show all ${body.length} rows`,
  );
  return h(
    'figure',
    { class: 'data-table' },
    h('figcaption', {}, withEmoji(block.caption)),
    holder,
    body.length > size && more,
  );
}

function rowsOf([head = [], ...body], settings) {
  const align = (index) => `align-${settings[index]?.align ?? 'left'}`;
  const row = (cells, tag) =>
    h('tr', {}, ...cells.map((cell, index) => h(tag, { class: align(index) }, cellOf(cell))));
  return h(
    'table',
    {},
    h('thead', {}, row(head, 'th')),
    h('tbody', {}, ...body.map((cells) => row(cells, 'td'))),
  );
}

function cellOf(cell) {
  return cell.type === 'rich_text' ? richText(cell) : withEmoji(cell.text);
}

function scrolling(content) {
  return h(
    'div',
    { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': 'Table' },
    content,
  );
}
