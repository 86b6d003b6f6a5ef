import { h, icon } from './dom.js';
import { element } from './elements.js';
import { withEmoji } from './emoji.js';
import { inputBlock } from './input-block.js';
import { markdown } from './markdown.js';
import { textObject } from './mrkdwn.js';
import { plan, taskCard } from './plan.js';
import { richText } from './rich-text.js';
import { dataTable, table } from './tables.js';

const RENDERERS = {
  actions: (block, surface) =>
    h('div', { class: 'actions' }, ...block.elements.map((each) => element(each, surface))),
  alert: (block) =>
    h(
      'div',
      { class: `alert alert-${block.level ?? 'default'}`, role: 'note' },
      icon('alert'),
      h('div', {}, textObject(block.text)),
    ),
  card,
  carousel: (block, surface) =>
    h('div', { class: 'carousel' }, ...block.elements.map((each) => card(each, surface))),
  container,
  context: (block) => h('div', { class: 'context' }, ...block.elements.map(contextElement)),
  context_actions: (block, surface) =>
    h('div', { class: 'actions' }, ...block.elements.map((each) => element(each, surface))),
  data_table: dataTable,
  divider: () => h('hr'),
  header: (block) => h('h3', { class: 'header-block' }, withEmoji(block.text.text)),
  image: imageBlock,
  input: inputBlock,
  markdown: (block) => markdown(block.text),
  plan,
  rich_text: richText,
  section,
  table,
  task_card: taskCard,
  video: (block) => h('p', {}, '▶ ', block.title.text),
};

/** The blocks of a message, a modal or a Home tab. `surface` is what acting on them means there. */
export function blocks(list, surface) {
  return h('div', { class: 'blocks' }, ...list.map((block) => oneBlock(block, surface)));
}

function oneBlock(block, surface) {
  const render = RENDERERS[block.type];
  const content = render
    ? render(block, {
        ...surface,
        blockId: block.block_id,
        child: (inner) => oneBlock(inner, surface),
      })
    : h('p', { class: 'unknown' }, `[${block.type}]`);
  return h('div', { class: `block block-${block.type}` }, content);
}

function section(block, surface) {
  const { text, fields, accessory } = block;
  return h(
    'div',
    { class: accessory ? 'section with-accessory' : 'section' },
    h(
      'div',
      { class: 'section-main' },
      text && h('div', { class: 'section-text' }, textObject(text)),
      fields &&
        h(
          'div',
          { class: 'fields' },
          ...fields.map((each) => h('div', { class: 'field-text' }, textObject(each))),
        ),
    ),
    accessory &&
      h('div', { class: `accessory accessory-${accessory.type}` }, element(accessory, surface)),
  );
}

function contextElement(each) {
  if (each.type === 'image')
    return h('img', { class: 'context-image', src: each.image_url, alt: each.alt_text });
  return h('span', {}, textObject(each));
}

function imageBlock(block) {
  return h(
    'figure',
    {},
    block.title && h('figcaption', {}, withEmoji(block.title.text)),
    h('img', { src: block.image_url, alt: block.alt_text, loading: 'lazy' }),
  );
}

function card(block, surface) {
  const line = (text, tag, className) => text && h(tag, { class: className }, textObject(text));
  return h(
    'article',
    { class: 'card' },
    line(block.title, 'h4', 'card-title'),
    line(block.subtitle, 'div', 'card-subtitle'),
    line(block.body, 'p', 'card-body'),
    block.actions &&
      h('div', { class: 'actions' }, ...block.actions.map((each) => element(each, surface))),
  );
}

function container(block, surface) {
  const title = block.title
    ? withEmoji(block.title.text)
    : block.rich_text_title && richText(block.rich_text_title);
  const subtitle =
    block.subtitle && h('span', { class: 'container-subtitle' }, textObject(block.subtitle));
  const body = block.child_blocks.map(surface.child);
  if (!block.is_collapsible) {
    return h('section', { class: 'container' }, title && h('h4', {}, title), subtitle, ...body);
  }
  return h(
    'details',
    { class: 'container', open: !block.default_collapsed },
    h('summary', {}, icon('chevron'), h('span', {}, title || 'Details'), subtitle),
    ...body,
  );
}
