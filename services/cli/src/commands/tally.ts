import type { Command } from 'commander';
import { Release } from '#libs/attestation';
import { formatThreshold, outcomeOf, parseThreshold, votesNeeded } from '#libs/consensus';
import { letterOf, RosterFile, shortDigest } from '#libs/contracts';
import { EXIT, exitCodeOf } from '../exit.js';
import { readJson } from '../read-file.js';
import { findAttestations } from '../tally/attestation-files.js';
import { readRoster } from '../tally/roster.js';
import { tally, type Tally } from '../tally/tally.js';
import { printData, printJson, say } from '../terminal.js';
import type { GlobalOptions } from './context.js';

interface TallyOptions {
  readonly release: string;
  readonly roster: string;
  readonly threshold: string;
}

/** `tally`: clusters and verdicts of loose attestations. */
export function addTally(program: Command): void {
  program
    .command('tally')
    .description('count loose attestations: clusters and verdict of each artifact')
    .requiredOption('--release <file>', 'what was rebuilt: a release file')
    .requiredOption('--roster <file>', 'whose attestations count: a roster file')
    .requiredOption('--threshold <t>', 'operators that have to agree: 3 or 2/3')
    .argument('<attestation...>', 'files, folders or saved posts')
    .action(async (paths: string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<TallyOptions & GlobalOptions>();
      const threshold = parseThreshold(options.threshold);
      const release = await readJson(options.release, Release, 'a release file');
      const roster = readRoster(await readJson(options.roster, RosterFile, 'a roster file'));
      const eligible = roster.roster.length;
      const needed = votesNeeded(threshold, eligible);
      const result = tally(release, roster, threshold, await findAttestations(paths));
      if (options.json === true) {
        printJson({
          release: release.name,
          threshold: formatThreshold(threshold),
          needed,
          eligible,
          ...result,
        });
      } else printTally(release.name, result);
      for (const { file, code, message } of result.refused) say(`${file}: ${code}: ${message}`);
      for (const { file, builder } of result.outsideRoster) {
        say(`${file}: builder ${builder} is not on the roster; not counted`);
      }
      say('nothing is known of attestations that are not among these files');
      process.exitCode =
        result.refused.length > 0 ? EXIT.badEvidence : exitCodeOf(outcomeOf(result.artifacts));
    });
}

function printTally(name: string, { artifacts }: Tally): void {
  printData(name);
  for (const { name: artifact, verdict, expected, flags, clusters, failed } of artifacts) {
    printData(`  ${verdict.padEnd(18)} ${artifact}  ${flags.join(', ')}`);
    printData(`    expected ${shortDigest(expected)}`);
    for (const [at, { digest, operators }] of clusters.entries()) {
      printData(`    ${letterOf(at)} ${shortDigest(digest)}  ${operators.join(', ')}`);
    }
    for (const failure of failed) {
      printData(`    ${failure.operator} failed: ${failure.class} in ${failure.stage}`);
    }
  }
}
