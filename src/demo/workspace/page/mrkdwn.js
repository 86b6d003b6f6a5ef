import { h } from './dom.js';
import { emojiOf, withEmoji } from './emoji.js';
import { channelLink, groupMention, mention, outerLink, userMention } from './names.js';
import { dateText } from './times.js';

/** Longest first where two can begin alike. Marks count only at the edges of words, as in Slack. */
const INLINE = new RegExp(
  [
    '(?<code>`[^`\\n]+`)',
    '(?<token><[^<>\\n]+>)',
    '(?<emoji>:[a-z0-9_+-]+:)',
    '(?<bold>(?<![\\w*])\\*(?=[^\\s*])[^*\\n]*?[^\\s*]?\\*(?![\\w*]))',
    '(?<italic>(?<![\\w_])_(?=[^\\s_])[^\\n]*?[^\\s_]?_(?![\\w_]))',
    '(?<strike>(?<![\\w~])~(?=[^\\s~])[^~\\n]*?[^\\s~]?~(?![\\w~]))',
  ].join('|'),
  'g',
);
const WRAPPERS = { bold: 'strong', italic: 'em', strike: 'del' };

/** A text object: `mrkdwn`, or `plain_text` in which only emoji mean something. */
export function textObject(text) {
  if (!text) return [];
  return text.type === 'mrkdwn' ? mrkdwn(text.text) : lines(withEmoji(text.text));
}

/** Slack's own markup as elements. */
export function mrkdwn(text) {
  return text
    .split(/```/)
    .flatMap((part, index) => (index % 2 === 1 ? [fenced(part)] : paragraphs(part)));
}

function fenced(part) {
  return h('pre', {}, h('code', {}, decoded(part.replace(/^\n|\n$/g, ''))));
}

/** Quoted lines and list lines become blocks; the rest keeps its line breaks. */
function paragraphs(part) {
  const nodes = [];
  let quote = [];
  const endQuote = () => {
    if (quote.length > 0) nodes.push(h('blockquote', {}, joined(quote.map(inline))));
    quote = [];
  };
  for (const line of part.replace(/^\n|\n$/g, '').split('\n')) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      quote.push(quoted[1]);
      continue;
    }
    endQuote();
    nodes.push(lineOf(line));
  }
  endQuote();
  return separated(nodes);
}

function lineOf(line) {
  const item = /^(\s*)([•◦▪-]|\d+[.)])\s+(.*)$/.exec(line);
  if (!item) return inline(line);
  const depth = Math.min(3, Math.floor(item[1].length / 2));
  return h(
    'span',
    { class: `list-line list-depth-${depth}` },
    h('span', { class: 'list-mark' }, item[2] === '-' ? '•' : item[2]),
    h('span', {}, inline(item[3])),
  );
}

/** Line breaks between lines of text; blocks break by themselves. */
function separated(nodes) {
  const isBlock = (node) => node instanceof Element;
  return nodes.flatMap((node, index) => {
    const next = nodes[index + 1];
    return next === undefined || isBlock(node) || isBlock(next) ? [node] : [node, h('br')];
  });
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(decoded(text.slice(end, match.index)), inlineNode(match));
    end = match.index + match[0].length;
  }
  nodes.push(decoded(text.slice(end)));
  return nodes;
}

function inlineNode({ 0: whole, groups }) {
  if (groups.code) return h('code', {}, decoded(whole.slice(1, -1)));
  if (groups.token) return token(whole);
  if (groups.emoji) return emojiOf(whole.slice(1, -1)) ?? whole;
  const [kind] = Object.entries(WRAPPERS).find(([name]) => groups[name]);
  return h(WRAPPERS[kind], {}, inline(whole.slice(1, -1)));
}

/** What stands in angle brackets: mentions, dates, links; anything else is shown as it is. */
function token(whole) {
  const [target, label] = splitOnce(whole.slice(1, -1), '|');
  if (/^@[UW]\w+$/.test(target)) return userMention(target.slice(1));
  if (/^#C\w+$/.test(target)) return channelLink(target.slice(1), label);
  if (target.startsWith('!subteam^')) return groupMention(target.slice(9), label);
  if (/^!(here|channel|everyone)$/.test(target)) return mention(`@${target.slice(1)}`, true);
  if (target.startsWith('!date^')) return date(target, label);
  if (/^(https?:|mailto:)/i.test(target))
    return outerLink(decoded(target), decoded(label ?? target));
  return decoded(whole);
}

function date(target, fallback) {
  const [, seconds, format = '', link] = target.split('^');
  const text = Number.isFinite(Number(seconds)) ? dateText(Number(seconds), format) : fallback;
  const time = h('time', { title: fallback }, text ?? '');
  return link ? outerLink(link, text) : time;
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function joined(parts) {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [h('br'), part]));
}

function lines(text) {
  return joined(text.split('\n'));
}

/** The three entities of Slack's markup. */
function decoded(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
