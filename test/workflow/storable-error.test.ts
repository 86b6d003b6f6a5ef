import { describe, expect, it } from 'vitest';
import { errorText, RunbookError } from '../../src/errors.ts';
import { LANGUAGES, say } from '../../src/language/text.ts';
import { translateTo } from '../../src/language/translate.ts';
import { storableError } from '../../src/workflow/storable-error.ts';

describe('storableError', () => {
  it('keeps code, message, name, data and the chain of causes', () => {
    const cause = Object.assign(new Error('too many requests'), { code: 'ETOOMANY' });
    const error = new RunbookError('eviction_refused', 'pod a not evicted', {
      cause,
      data: { pod: 'a' },
    });

    expect(storableError(error)).toMatchObject({
      name: 'RunbookError',
      code: 'eviction_refused',
      message: 'pod a not evicted',
      data: { pod: 'a' },
      cause: { message: 'too many requests', code: 'ETOOMANY' },
    });
  });

  it('keeps what the error says in every language', () => {
    const error = new RunbookError('run_stopped', say('Stopped by {by}.', { by: 'Mina' }));

    const text = errorText(storableError(error));

    expect(LANGUAGES.map((language) => translateTo(language)(text))).toEqual([
      'Stopped by Mina.',
      'Mina 님이 중지했습니다.',
      'Mina さんが停止しました。',
    ]);
  });

  it('leaves behind what is not ours: a whole response, or data that runs in a circle', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const cause = Object.assign(new Error('403'), { response: { body: 'x'.repeat(1_000) } });
    const error = new RunbookError('forbidden', 'not allowed', { cause, data: { circle } });

    const stored = storableError(error);

    expect(stored).toMatchObject({ code: 'forbidden', data: {} });
    expect(stored.cause).not.toHaveProperty('response');
  });

  it('takes whatever was thrown', () => {
    expect(storableError('just words')).toMatchObject({ message: 'just words' });
  });

  it('ends a chain of causes that never does', () => {
    const error = new Error('again');
    error.cause = error;

    expect(storableError(error).message).toBe('again');
  });
});
