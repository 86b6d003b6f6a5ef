import { describe, expect, it } from 'vitest';
import { clauses, lines, say, sentences } from '../../src/language/text.ts';
import { inEnglish, translated, translateTo } from '../../src/language/translate.ts';

describe('a text', () => {
  it('is said with its values, and with the words that its language has for their number', () => {
    const left = (count: number) =>
      inEnglish(say('{count, plural, one {# pod} other {# pods}} on {node}', { count, node: 'a' }));

    expect([left(1), left(1200)]).toEqual(['1 pod on a', '1,200 pods on a']);
  });

  it('may stand within another, alone or in a list', () => {
    const inner = say('{first} {others}', { first: 'a', others: 'b' });

    expect(inEnglish(say('{what} in {where}', { what: inner, where: ['x', inner] }))).toBe(
      'a b in x, a b',
    );
  });

  it('takes what is put in as it is: foreign braces and tags are no syntax', () => {
    expect(inEnglish(say('{what}!', { what: '{x} <b>' }))).toBe('{x} <b>!');
  });

  it('that its author wrote in several languages is shown in each, else in English', () => {
    const title = { in: { en: 'Node unstable', ko: '노드 불안정' } };

    expect([translateTo('ko')(title), translateTo('ja')(title)]).toEqual([
      '노드 불안정',
      'Node unstable',
    ]);
  });

  it('survives being stored', () => {
    const text = sentences([say('{first} {others}', { first: 'a', others: 'b' }), '', 'c']);

    expect(inEnglish(JSON.parse(JSON.stringify(text)))).toBe('a b c');
  });

  it('is joined with others as its language joins them; what is empty is left out', () => {
    const texts = ['a', '', say('Succeeded'), 'c'];
    const inKorean = translateTo('ko');

    expect([clauses(texts), lines(texts), sentences(texts)].map(inKorean)).toEqual([
      'a. 성공. c',
      'a\n성공\nc',
      'a 성공 c',
    ]);
    expect([clauses([]), lines(['a'])]).toEqual(['', 'a']);
  });

  it('may be thousands of sentences', () => {
    const many = Array.from({ length: 5000 }, (_, index) => say('Stopped by {by}.', { by: index }));

    expect(inEnglish(sentences(many)).split('. ')).toHaveLength(5000);
  });

  it('is shown as it was written where it cannot be said', () => {
    expect(inEnglish({ icu: '{count, plural, one {#}', values: {} })).toBe(
      '{count, plural, one {#}',
    );
    expect(inEnglish({ icu: 'for {who}', values: {} })).toBe('for {who}');
  });

  it('is not seen in foreign values that look like one', () => {
    const foreign = { a: { icu: 1, values: null }, b: { in: { x: 1 } }, c: { in: null } };

    expect(translated(foreign as object, inEnglish)).toEqual(foreign);
  });

  it('is found anywhere in a value', () => {
    const text = say('{first} {others}', { first: 'a', others: 'b' });

    expect(translated({ list: [{ text }], count: 1, none: null }, inEnglish)).toEqual({
      list: [{ text: 'a b' }],
      count: 1,
      none: null,
    });
  });
});
