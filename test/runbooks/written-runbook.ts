import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadRunbooks, readRunbook } from '../../src/runbooks/loader.ts';
import type { Runbook } from '../../src/runbooks/runbook.ts';
import { smallActions } from './small-actions.ts';

/** A new directory with these files, gone when the test is. */
export function directoryWith(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'handrail-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

const HEAD = `name: sample
title: Sample
description: For tests.
`;
const INPUTS = `inputs:
  node: { type: node }
  max-parallel: { type: quantity, default: 2 }
  reason: { type: string, required: false }
  force: { type: boolean, default: false }
`;

/** A runbook whose steps, and if need be inputs, are given as YAML. */
export function sample({ steps, inputs = INPUTS }: { steps: string; inputs?: string }): string {
  return `${HEAD}${inputs}steps:\n${steps}`;
}

/** The problems of a runbook as `line:column path message`. */
export function problemsOf(yaml: string): string[] {
  const dir = directoryWith({ 'sample.yml': yaml });
  return readRunbook(join(dir, 'sample.yml'), smallActions).problems.map(
    ({ line, column, path, message }) => `${line}:${column} ${path} ${message}`,
  );
}

export function loaded(yaml: string): Runbook {
  return loadRunbooks(directoryWith({ 'sample.yml': yaml }), smallActions).get('sample');
}
