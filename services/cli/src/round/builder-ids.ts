import { CommandError, EXIT } from '../exit.js';

/**
 * Reads a list of builder ids, as options take them.
 *
 * @throws CommandError usage
 */
export function idsIn(list: string): string[] {
  const ids = list.split(',').map((id) => id.trim());
  const wrong = ids.find((id) => !/^[a-z0-9][a-z0-9-]{0,79}$/.test(id));
  if (wrong === undefined) return ids;
  throw new CommandError(
    EXIT.usage,
    `${JSON.stringify(wrong)} is not a builder id`,
    'give ids separated by commas, as the roster has them',
  );
}
