import { CommandError, EXIT } from '../exit.js';
import { explainArtifacts } from './artifact/explain-artifacts.js';
import { explainAttestations } from './explain-attestations.js';
import type { ExplainOptions } from './explain-options.js';

/**
 * Explains attestations, or two image files, whichever was named.
 *
 * @throws CommandError usage; otherwise as the two of them
 */
export async function runExplain(paths: readonly string[], options: ExplainOptions): Promise<void> {
  const files = options.artifact ?? [];
  const [left, right, ...more] = files;
  if (left === undefined) {
    if (paths.length === 0) {
      throw new CommandError(
        EXIT.usage,
        'there is nothing to explain',
        'name attestations, or two image files with --artifact',
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
