import { joinCoordinator, type JoinOptions } from '../builder/registry/join.js';
import { withKeyFiles } from '../builder/registry/builder-dir.js';
import { CommandError, EXIT } from '../exit.js';
import { enrollBuilder, type EnrollOptions } from './enroll.js';
import { flagsGiven } from './flags-given.js';

/** Options of `builder enroll`, whatever becomes of the record. */
export type EnrollAnyOptions = JoinOptions & Omit<EnrollOptions, 'key' | 'witnessKey' | 'natsKey'>;

/** Whether a coordinator was named. */
export interface NamedCoordinator {
  /** On the command line or in the environment. */
  readonly isNamed: boolean;
  /** On the command line itself. */
  readonly isTyped: boolean;
}

/** What a coordinator is told of a builder, and no record has. */
const JOINING = ['enrolment', 'invite', 'tags', 'contact', 'slots', 'hours'] as const;

/**
 * Makes the record of a builder, and sends it to the coordinator that was named with what its machine
 * is; or writes it, or a request for it, to a file.
 *
 * @throws CommandError with the exit code that the failure means; usage for an option that would
 *   have no effect
 */
export async function enrollAnyBuilder(
  options: EnrollAnyOptions,
  { isNamed, isTyped }: NamedCoordinator,
): Promise<void> {
  const written = flagsGiven(options, ['out', 'request', 'submit']);
  if (written.length === 0 && (isNamed || options.dir !== undefined)) {
    await joinCoordinator(options, process.env);
    return;
  }
  const joining = [...(isTyped ? ['--coordinator'] : []), ...flagsGiven(options, JOINING)];
  if (written.length > 0 && joining.length > 0) {
    throw new CommandError(
      EXIT.usage,
      `${written.join(', ')} only makes a record, and asks no coordinator: ${joining.join(', ')} would have no effect`,
      'make the record first, then join by `builder enroll --coordinator URL --enrolment FILE`; or leave the files out to do both',
    );
  }
  await enrollBuilder(withKeyFiles(options));
}
