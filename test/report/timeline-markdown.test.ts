import { describe, expect, it } from 'vitest';
import { timelineMarkdown } from '../../src/report/timeline-markdown.ts';
import { failed, run, succeeded } from '../slack/sample-runs.ts';
import { hostile, rejected } from '../slack/sample-states.ts';

describe('a timeline as Markdown', () => {
  it('says who asked, who decided, what was planned, and how it ended', () => {
    const text = timelineMarkdown(succeeded);

    expect(text).toContain('- **State:** succeeded');
    expect(text).toMatch(/Asked for by:\*\* Mina Park, 2026-11-24 .* UTC, took 5m/);
    expect(text).toContain('**Approval 1:** approved by Jun Seo');
    expect(text).toContain('Cordon kr-b-2, drain its 13 pods and replace the machine.');
  });

  it('says what was taken back, what is left, and what to do next', () => {
    const text = timelineMarkdown(failed);

    expect(text).toMatch(/Taken back\*\*\n\n- kr-b-2 is uncordoned/);
    expect(text).toMatch(/Left as it is\*\*\n\n- 9 pods run elsewhere now/);
    expect(text).toContain('**Next:** Scale payments/api to 3');
    expect(text).toContain('| Step drain | failed |');
    expect(text).toContain('**Warning:** payments/api-x is refused by its budget');
  });

  it('gives the reason of a rejection', () => {
    expect(timelineMarkdown(rejected)).toContain('rejected by Jun Seo');
    expect(timelineMarkdown(rejected)).toContain('payments releases');
  });

  it('leaves out what a run that has only begun does not have', () => {
    expect(timelineMarkdown(run())).not.toMatch(/undefined|## Outcome/);
  });

  it('takes nothing foreign for Markdown or HTML but code', () => {
    const text = timelineMarkdown(hostile);

    expect(text).toContain('\\<!channel\\> & `x` \\*y\\*');
    expect(text).not.toMatch(/[^\\]<https/);
  });
});
