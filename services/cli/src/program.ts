import { Command } from 'commander';
import { addAttest } from './commands/attest.js';
import { addServices } from './commands/builder.js';
import { addReport } from './commands/report.js';
import { addRound } from './commands/round.js';
import { addTally } from './commands/tally.js';
import { VERSION } from './version.js';

const DEFAULT_COORDINATOR = 'http://127.0.0.1:3000';

/** Makes the command tree. */
export function createProgram(environment: Readonly<NodeJS.ProcessEnv>): Command {
  const program = new Command('repro-quorum')
    .description('rebuild an IC-OS release together, and say in one verdict what came out')
    .version(VERSION)
    .option('--json', 'print data as JSON')
    .option(
      '--coordinator <url>',
      'the coordinator to ask',
      environment['REPRO_QUORUM_COORDINATOR'] ?? DEFAULT_COORDINATOR,
    )
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });
  addRound(program);
  addReport(program);
  addAttest(program);
  addTally(program);
  addServices(program);
  return program;
}
