import { h } from './dom.js';
import { emojiOf } from './emoji.js';
import { outerLink } from './names.js';

const INLINE =
  /(?<code>`[^`\n]+`)|(?<link>\[[^\]\n]+\]\([^)\s]+\))|(?<bold>\*\*[^*\n]+\*\*)|(?<strike>~~[^~\n]+~~)|(?<italic>(?<!\w)[*_][^*_\n]+[*_](?!\w))|(?<emoji>:[a-z0-9_+-]+:)/g;

/** A markdown block: the part of Markdown that runbooks and their explanations use. */
export function markdown(text) {
  const lines = text.split('\n');
  const nodes = [];
  while (lines.length > 0) nodes.push(takeBlock(lines));
  return h('div', { class: 'markdown' }, ...nodes);
}

function takeBlock(lines) {
  const [line] = lines;
  if (/^```/.test(line)) return takeFence(lines);
  if (/^\s*([-*+]|\d+[.)])\s+/.test(line)) return takeList(lines);
  if (/^>/.test(line)) return takeQuote(lines);
  if (/^\|.*\|\s*$/.test(line)) return takeTable(lines);
  lines.shift();
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return h(`h${Math.min(6, heading[1].length + 2)}`, {}, inline(heading[2]));
  if (/^(-{3,}|\*{3,})\s*$/.test(line)) return h('hr');
  return line.trim() === '' ? '' : h('p', {}, inline(line));
}

function takeWhile(lines, matches) {
  const taken = [];
  while (lines.length > 0 && matches(lines[0])) taken.push(lines.shift());
  return taken;
}

function takeFence(lines) {
  lines.shift();
  const code = takeWhile(lines, (line) => !/^```/.test(line));
  lines.shift();
  return h('pre', {}, h('code', {}, code.join('\n')));
}

function takeList(lines) {
  const isOrdered = /^\s*\d/.test(lines[0]);
  const items = takeWhile(lines, (line) => /^\s*([-*+]|\d+[.)])\s+/.test(line));
  return h(
    isOrdered ? 'ol' : 'ul',
    {},
    ...items.map((item) => h('li', {}, inline(item.replace(/^\s*([-*+]|\d+[.)])\s+/, '')))),
  );
}

function takeQuote(lines) {
  const quoted = takeWhile(lines, (line) => /^>/.test(line));
  return h(
    'blockquote',
    {},
    ...quoted.map((line) => h('p', {}, inline(line.replace(/^>\s?/, '')))),
  );
}

function takeTable(lines) {
  const rows = takeWhile(lines, (line) => /^\|.*\|\s*$/.test(line))
    .filter((line) => !/^[\s|:-]+$/.test(line))
    .map((line) => line.trim().slice(1, -1).split('|'));
  const [head = [], ...body] = rows;
  return h(
    'div',
    { class: 'table-scroll' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...head.map((cell) => h('th', {}, inline(cell.trim()))))),
      h(
        'tbody',
        {},
        ...body.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, inline(cell.trim()))))),
      ),
    ),
  );
}

function inline(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(end, match.index), inlineNode(match));
    end = match.index + match[0].length;
  }
  return [...nodes, text.slice(end)];
}

function inlineNode({ 0: whole, groups }) {
  if (groups.code) return h('code', {}, whole.slice(1, -1));
  if (groups.bold) return h('strong', {}, inline(whole.slice(2, -2)));
  if (groups.strike) return h('del', {}, inline(whole.slice(2, -2)));
  if (groups.italic) return h('em', {}, inline(whole.slice(1, -1)));
  if (groups.emoji) return emojiOf(whole.slice(1, -1)) ?? whole;
  const [, label, url] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(whole);
  return outerLink(url, label);
}
