import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, EXIT } from '../../exit.js';

/** What is in the folder of a builder. */
export interface BuilderFiles {
  readonly key: string;
  readonly witnessKey: string;
  readonly natsKey: string;
  readonly config: string;
  /** The operator's record, kept so that it is the same when it is sent again. */
  readonly enrolment: string;
}

/** The files that `builder init --dir` and `enroll --dir` make, absolute where the folder is. */
export function filesIn(dir: string): BuilderFiles {
  return {
    key: join(dir, 'builder-key.pem'),
    witnessKey: join(dir, 'witness-key.pem'),
    natsKey: join(dir, 'nats-key.pem'),
    config: join(dir, 'builder-agent.env'),
    enrolment: join(dir, 'enrolment.dsse.json'),
  };
}

/** Options that name a builder's keys, one by one or by their folder. */
export interface KeyPlaceOptions {
  readonly dir?: string;
  readonly key?: string;
  readonly witnessKey?: string;
  readonly natsKey?: string;
}

/**
 * Gives the options with a file for each key.
 *
 * @throws CommandError usage where one is named in neither way, or is not in its folder
 */
export function withKeyFiles<T extends KeyPlaceOptions>(
  options: T,
): T & { readonly key: string; readonly witnessKey: string; readonly natsKey: string } {
  const inDir = options.dir === undefined ? null : filesIn(options.dir);
  const key = options.key ?? inDir?.key;
  const witnessKey = options.witnessKey ?? inDir?.witnessKey;
  const natsKey = options.natsKey ?? inDir?.natsKey;
  if (key === undefined || witnessKey === undefined || natsKey === undefined) {
    throw new CommandError(
      EXIT.usage,
      'name the builder’s keys by --dir DIR, or by --key, --witness-key and --nats-key',
      '`builder init --dir DIR` makes all three',
    );
  }
  const missing = [key, witnessKey, natsKey].find((path) => !existsSync(path));
  if (options.dir !== undefined && missing !== undefined) {
    throw new CommandError(
      EXIT.usage,
      `there is no ${missing}`,
      `\`builder init --dir ${options.dir} --coordinator URL\` makes a builder’s keys`,
    );
  }
  return { ...options, key, witnessKey, natsKey };
}
