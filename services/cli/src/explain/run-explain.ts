import { CommandError, EXIT } from '../exit.js';
import { explainArtifacts } from './artifact/explain-artifacts.js';
import { explainAttestations } from './explain-attestations.js';
import type { ExplainOptions } from './explain-options.js';
import { explainRound } from './explain-round.js';

/**
 * Explains attestations, two image files, or a coordinator's round, whichever was named.
 *
 * @throws CommandError usage; otherwise as the two of them
 */
export async function runExplain(paths: readonly string[], options: ExplainOptions): Promise<void> {
  const files = options.artifact ?? [];
  if (options.round !== undefined) {
    if (files.length + paths.length > 0) {
      throw new CommandError(EXIT.usage, '--round is of a coordinator: it goes with no files');
    }
    if (options.roster !== undefined) {
      throw new CommandError(EXIT.usage, '--round is of a coordinator: it goes with no --roster');
    }
    await explainRound(options.round, options);
    return;
  }
  const [left, right, ...more] = files;
  if (left === undefined) {
    if (paths.length === 0) {
      throw new CommandError(
        EXIT.usage,
        'there is nothing to explain',
        'name attestations, two image files with --artifact, or a round with --round',
      );
    }
    await explainAttestations(paths, options);
    return;
  }
  if (right === undefined || more.length > 0 || paths.length > 0) {
    const count = files.length + paths.length;
    throw new CommandError(
      EXIT.usage,
      `--artifact was given ${count === 1 ? '1 file' : `${count} files`}`,
      'it compares two: explain --artifact A B',
    );
  }
  if (options.roster !== undefined) {
    throw new CommandError(EXIT.usage, '--roster is of attestations: two image files have none');
  }
  await explainArtifacts([left, right], options);
}
