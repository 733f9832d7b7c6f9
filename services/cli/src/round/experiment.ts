import { z } from 'zod';
import { Experiment } from '#libs/attestation';
import { CommandError, EXIT } from '../exit.js';
import { readJson } from '../read-file.js';

/**
 * Reads an experiment as `--experiment` takes it: JSON as it is, or a file of it.
 *
 * @throws CommandError usage
 */
export async function experimentOf(option: string | undefined): Promise<Experiment | undefined> {
  if (option === undefined) return undefined;
  if (!option.trimStart().startsWith('{')) return readJson(option, Experiment, 'an experiment');
  const parsed = Experiment.safeParse(parsedOf(option));
  if (parsed.success) return parsed.data;
  throw new CommandError(
    EXIT.usage,
    `--experiment is no experiment:\n${z.prettifyError(parsed.error)}`,
    'a report proposes one as `next.request` of an explanation',
  );
}

function parsedOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
