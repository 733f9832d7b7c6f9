import { Release } from '#libs/attestation';
import { formatThreshold, outcomeOf, parseThreshold, votesNeeded } from '#libs/consensus';
import { RosterFile } from '#libs/contracts';
import { CommandError, EXIT, exitCodeOf } from '../exit.js';
import { readJson } from '../read-file.js';
import { printData, printJson, say } from '../terminal.js';
import { findAttestations } from './attestation-files.js';
import { readRoster } from './roster.js';
import { tally } from './tally.js';
import { TallyOutput, type Tally } from './tally-output.js';
import { tallyText } from './tally-text.js';
import { tellRefused } from './tell-refused.js';

/** Options of `tally`, as its definition names them. */
export interface TallyOptions {
  readonly release: string;
  readonly roster: string;
  readonly threshold: string;
  readonly json?: true;
}

/**
 * Counts the attestations in files and folders, prints what they come to and sets the exit code.
 *
 * @throws CommandError, ConsensusError
 */
export async function runTally(paths: readonly string[], options: TallyOptions): Promise<void> {
  const threshold = parseThreshold(options.threshold);
  const release = await readJson(options.release, Release, 'a release file');
  if (release.artifacts.length === 0) {
    // Nothing asked would be nothing missing, and so exit 0.
    throw new CommandError(EXIT.usage, `release ${release.name} lists no artifact to count`);
  }
  const roster = readRoster(await readJson(options.roster, RosterFile, 'a roster file'));
  const eligible = roster.roster.length;
  const needed = votesNeeded(threshold, eligible);
  const result = tally(release, roster, threshold, await findAttestations(paths));
  const output = TallyOutput.parse({
    release: release.name,
    threshold: formatThreshold(threshold),
    ...{ needed, eligible },
    ...result,
  });
  if (options.json === true) printJson(output);
  else printData(tallyText(output));
  remark(result);
  process.exitCode =
    result.refused.length > 0 ? EXIT.badEvidence : exitCodeOf(outcomeOf(result.artifacts));
}

function remark({ counted, refused, outsideRoster, otherStatements }: Tally): void {
  tellRefused(refused, true);
  for (const { file, line, builder } of outsideRoster) {
    say(`${file}:${line}: builder ${builder} is not on the roster; not counted`);
  }
  for (const { file, line, predicateType } of otherStatements) {
    say(`${file}:${line}: no build result but ${predicateType}; passed over`);
  }
  if (counted.length === 0) say('there was no attestation to count');
  say('nothing is known of attestations that are not among these files');
}
