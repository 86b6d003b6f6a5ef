import type { ShownFinding, ShownPlan, ShownPlannedStep } from '../runs/shown-run.ts';

/** A plan for a terminal: warnings and blockers first, then each step with what it found and would change. */
export function planText(plan: ShownPlan): string {
  const blocks = [
    plan.headline,
    section(
      'Blocked',
      plan.blockers.map(
        (blocker) => `${blocker.text} ${blocker.wayOut}${exception(blocker.exception)}`,
      ),
    ),
    section(
      'Warnings',
      plan.warnings.map((warning) => warning.text),
    ),
    section(
      'Service tiles (ready endpoints: now → while draining → after)',
      plan.tiles.map(
        (tile) => `${tile.name}: ${tile.readyNow} → ${tile.readyWhile} → ${tile.readyAfter}`,
      ),
    ),
    ...plan.steps.map(stepText),
    `Risk: ${plan.risk}. Digest of the effects: ${plan.digest.slice(0, 12)}. Nothing was changed.`,
  ];
  return blocks.filter((block) => block !== '').join('\n\n');
}

function exception(name: string | undefined): string {
  return name === undefined ? '' : ` (accept=${name})`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  - ${line}`)].join('\n');
}

function stepText(step: ShownPlannedStep): string {
  const effects = step.effects.map(
    ({ verb, object, undo }) =>
      `${verb} ${object.kind} ${object.namespace ? `${object.namespace}/` : ''}${object.name}${undo ? ` (undo: ${undo})` : ''}`,
  );
  return [
    `${step.id}: ${step.skip ? `skipped, ${step.skip}` : step.summary}`,
    ...step.findings.flatMap(findingLines),
    ...(effects.length > 0 ? ['  Would change', ...effects.map((line) => `    ${line}`)] : []),
  ].join('\n');
}

function findingLines(finding: ShownFinding): string[] {
  const lines = finding.lines.map((line) =>
    [
      '    ',
      line.verdict ? `[${line.verdict}] ` : '',
      line.subject,
      line.detail ? `: ${line.detail}` : '',
    ].join(''),
  );
  return [`  ${finding.title}`, ...lines];
}
