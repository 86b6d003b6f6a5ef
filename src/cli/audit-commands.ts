import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { auditRows } from '../audit/audit-log.ts';
import { type AuditAnchor, verifyAudit } from '../audit/verify-audit.ts';
import type { Database } from '../database/database.ts';
import { RunbookError } from '../errors.ts';
import { inEnglish } from '../language/translate.ts';
import type { CommandLine } from './commands.ts';
import { withDatabase } from './with-database.ts';

export function auditCommands({ program, print }: CommandLine): void {
  const audit: Command = program.command('audit').description('the record of who did what');
  audit
    .command('verify')
    .description('walk the hash chain; names every row changed, removed, added or reordered')
    .option(
      '--anchor <seq:hash...>',
      'entries noted elsewhere, such as in a summary in the channel',
    )
    .action(async ({ anchor = [] }: { anchor?: string[] }) => {
      const { entries, head, faults } = await withDatabase((database) =>
        verifyAudit(database, anchor.map(readAnchor)),
      );
      for (const { seq, problem } of faults) print(`entry ${seq}: ${inEnglish(problem)}`);
      if (faults.length > 0) process.exitCode = 1;
      print(
        faults.length === 0
          ? `The audit log holds: ${entries} entries, head ${head.seq}:${head.hash}`
          : `The audit log does NOT hold: ${faults.length} faults in ${entries} entries.`,
      );
    });
  audit
    .command('export')
    .description('write all entries as NDJSON')
    .action(() =>
      withDatabase((database) =>
        pipeline(Readable.from(ndjson(database)), process.stdout, { end: false }),
      ),
    );
}

async function* ndjson(database: Database): AsyncGenerator<string> {
  for await (const { body, previous_hash: previousHash, hash } of auditRows(database)) {
    yield `${JSON.stringify({ ...JSON.parse(body), previousHash, hash })}\n`;
  }
}

function readAnchor(text: string): AuditAnchor {
  const [, seq, hash] = /^(\d+):([0-9a-f]{8,64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new RunbookError(
      'anchor_invalid',
      `"${text}" is not an anchor: write it as NUMBER:HASH, such as 42:9f86d081884c7d65`,
    );
  }
  return { seq: Number(seq), hash };
}
