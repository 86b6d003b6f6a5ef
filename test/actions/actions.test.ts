import { describe, expect, it } from 'vitest';
import { allActions } from '../../src/actions/actions.ts';

describe.each([...allActions.values()].filter(({ risk }) => risk !== 'read'))('$name', (action) => {
  it('can look whether an effect of it has happened, as a crash may leave that open', () => {
    expect(action.observe).toBeTypeOf('function');
  });
});
