import type { Command } from 'commander';
import type { TallyOptions } from '../tally/run-tally.js';

const AFTER = `
Counts operators, each once, however many builders and attestations it has. The
threshold is of all operators on the roster, and more than half of them.

Example:
  repro-quorum tally --release release.json --roster roster.json --threshold 2/3 thread.txt folder/`;

/** `tally`: clusters and verdicts of loose attestations. */
export function addTally(program: Command): void {
  program
    .command('tally')
    .description('count loose attestations into verdicts')
    .requiredOption('--release <file>', 'what was rebuilt: a release file')
    .requiredOption('--roster <file>', 'whose attestations count: a roster file')
    .requiredOption('--threshold <t>', 'operators that have to agree: 3 or 2/3')
    .argument('<attestation...>', 'envelopes, JSON lines, saved forum posts, or folders of them')
    .addHelpText('after', AFTER)
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const { runTally } = await import('../tally/run-tally.js');
      await runTally(paths, command.optsWithGlobals<TallyOptions>());
    });
}
