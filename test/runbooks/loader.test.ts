import { describe, expect, it } from 'vitest';
import { loadRunbooks } from '../../src/runbooks/loader.ts';
import { smallActions } from './small-actions.ts';
import { directoryWith, loaded, sample } from './written-runbook.ts';

const LOOK = '  - id: look\n    uses: node/look\n    with: { node: a }\n';

describe('loading runbooks', () => {
  it('fills in what an author leaves out', () => {
    const runbook = loaded(
      sample({ steps: '  - { id: wipe, uses: node/wipe, with: { node: a } }' }),
    );

    expect(runbook.target).toBe('node');
    expect(runbook.on).toEqual({ command: true });
    expect(runbook.inputs.map(({ name, title, required }) => [name, title, required])).toEqual([
      ['node', 'Node', true],
      ['max-parallel', 'Max parallel', false],
      ['reason', 'Reason', false],
      ['force', 'Force', false],
    ]);
    expect(runbook.steps[0]).toMatchObject({
      title: 'Wipe',
      approval: 'policy',
      undo: false,
      timeoutMs: 1_800_000,
      retry: { attempts: 1, backoffMs: 10_000 },
    });
  });

  it('undoes by default where the action can be undone', () => {
    const steps = '  - { id: mark, uses: node/mark, with: { node: a }, timeout: 1h30m }';

    expect(loaded(sample({ steps })).steps[0]).toMatchObject({ undo: true, timeoutMs: 5_400_000 });
  });

  it('is plain data, so that a run can keep it', () => {
    const runbook = loaded(sample({ steps: LOOK }));

    expect(JSON.parse(JSON.stringify(runbook))).toEqual(runbook);
  });

  it('collects the problems of all files, as file:line:column', () => {
    const dir = directoryWith({
      'one.yml': sample({ steps: LOOK }),
      'two.yml': 'name: two\ntitle: Two\n',
      'three.yaml': sample({ steps: LOOK }).replace('sample', 'three'),
    });

    const load = () => loadRunbooks(dir, smallActions);

    expect(load).toThrow(expect.objectContaining({ code: 'file_invalid' }));
    expect(load).toThrow(
      `${dir}/one.yml:1:7: name: a runbook of this name belongs in \`sample.yml\``,
    );
    expect(load).toThrow(`${dir}/two.yml:1:1: steps: missing`);
    expect(load).toThrow(
      `${dir}/three.yaml:1:7: name: a runbook of this name belongs in \`three.yml\``,
    );
  });

  it('says what else there is when a runbook is not known', () => {
    const catalogue = loadRunbooks(
      directoryWith({ 'sample.yml': sample({ steps: LOOK }) }),
      smallActions,
    );

    expect(() => catalogue.get('sampel')).toThrow('Did you mean `sample`?');
    expect(() => catalogue.get('sampel')).toThrow(
      expect.objectContaining({ code: 'runbook_unknown' }),
    );
  });

  it('says that a directory is not there', () => {
    expect(() => loadRunbooks('/nowhere/at/all', smallActions)).toThrow('/nowhere/at/all:1:1');
  });
});
