import { writeFile } from 'node:fs/promises';
import { Option } from 'commander';
import { inEnglish, translated } from '../language/translate.ts';
import { toPng } from '../report/png.ts';
import { drawTimeline } from '../report/timeline-chart.ts';
import { timelineMarkdown } from '../report/timeline-markdown.ts';
import { loadRun } from '../runs/run-rows.ts';
import type { ShownRun } from '../runs/shown-run.ts';
import type { CommandLine } from './commands.ts';
import { withDatabase } from './with-database.ts';

const FORMATS = {
  markdown: async (run: ShownRun) => timelineMarkdown(run),
  svg: async (run: ShownRun) => drawTimeline(run, Date.now()),
  png: (run: ShownRun) => toPng(drawTimeline(run, Date.now())),
} as const;
type Format = keyof typeof FORMATS;

interface ExportOptions {
  readonly as: Format;
  readonly output?: string;
}

export function exportCommand({ program, print }: CommandLine): void {
  program
    .command('export <run>')
    .description('the timeline of a run, for a post-mortem: as text, or drawn')
    .addOption(
      new Option('--as <format>', 'what it is written as')
        .choices(Object.keys(FORMATS))
        .default('markdown' satisfies Format),
    )
    .option('-o, --output <file>', 'where to; without it, to standard output')
    .action((runId: string, { as, output }: ExportOptions) =>
      withDatabase(async (database) => {
        const run = translated(await loadRun(database, runId, (name) => name), inEnglish);
        const content = await FORMATS[as](run);
        if (output === undefined) {
          process.stdout.write(content);
          return;
        }
        await writeFile(output, content);
        print(`Wrote ${output}.`);
      }),
    );
}
