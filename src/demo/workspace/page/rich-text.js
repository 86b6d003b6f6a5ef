import { h } from './dom.js';
import { emojiOf } from './emoji.js';
import { channelLink, groupMention, mention, outerLink, userMention } from './names.js';
import { dateText } from './times.js';

const STYLES = { bold: 'strong', italic: 'em', strike: 'del', code: 'code', underline: 'u' };

const INLINE = {
  text: (element) => element.text,
  link: (element) => outerLink(element.url, element.text ?? element.url),
  user: (element) => userMention(element.user_id),
  usergroup: (element) => groupMention(element.usergroup_id),
  channel: (element) => channelLink(element.channel_id),
  broadcast: (element) => mention(`@${element.range}`, true),
  emoji: (element) => emojiOf(element.name) ?? `:${element.name}:`,
  date: (element) => h('time', {}, dateText(element.timestamp, element.format)),
  color: (element) => h('code', {}, element.value),
  team: (element) => mention(element.team_id),
};

/** A rich_text block: sections, lists, quotes, preformatted text. */
export function richText(block) {
  return h('div', { class: 'rich-text' }, ...block.elements.map(part));
}

function part(element) {
  const border = element.border ? ' with-border' : '';
  switch (element.type) {
    case 'rich_text_list':
      return list(element);
    case 'rich_text_quote':
      return h('blockquote', {}, inlines(element.elements));
    case 'rich_text_preformatted':
      return h('pre', { class: `preformatted${border}` }, h('code', {}, inlines(element.elements)));
    default:
      return h('div', { class: 'rich-section' }, inlines(element.elements));
  }
}

function list(element) {
  const tag = element.style === 'ordered' ? 'ol' : 'ul';
  const props = {
    class: `indent-${Math.min(4, element.indent ?? 0)}`,
    start: element.offset === undefined ? undefined : element.offset + 1,
  };
  return h(tag, props, ...element.elements.map((item) => h('li', {}, inlines(item.elements))));
}

function inlines(elements) {
  return elements.map((element) => {
    const node = INLINE[element.type]?.(element) ?? '';
    return Object.entries(element.style ?? {})
      .filter(([name, isOn]) => isOn && STYLES[name])
      .reduce((inner, [name]) => h(STYLES[name], {}, inner), node);
  });
}
