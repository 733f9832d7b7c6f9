import { joinCoordinator, type JoinOptions } from '../builder/registry/join.js';
import { withKeyFiles } from '../builder/registry/builder-dir.js';
import { enrollBuilder, type EnrollOptions } from './enroll.js';

/** Options of `builder enroll`, whatever becomes of the record. */
export type EnrollAnyOptions = JoinOptions & Omit<EnrollOptions, 'key' | 'witnessKey' | 'natsKey'>;

/**
 * Makes the record of a builder, and sends it to the coordinator that was named with what its machine
 * is; or writes it, or a request for it, to a file.
 *
 * @param named the coordinator that was named on the command line; null where none was
 * @throws CommandError with the exit code that the failure means
 */
export async function enrollAnyBuilder(
  options: EnrollAnyOptions,
  named: string | null,
): Promise<void> {
  const { out, request, submit, dir } = options;
  const isWritten = out !== undefined || request !== undefined || submit !== undefined;
  if (!isWritten && (named !== null || dir !== undefined)) {
    await joinCoordinator(options, process.env);
  } else {
    await enrollBuilder(withKeyFiles(options));
  }
}
