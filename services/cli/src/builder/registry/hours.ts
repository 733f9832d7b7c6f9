import { ExclusiveHours } from '#libs/contracts';
import { CommandError, EXIT } from '../../exit.js';

/**
 * Reads hours as the agent's EXCLUSIVE_HOURS has them: `22:00-06:00 Europe/Zurich`; null for none.
 *
 * @throws CommandError usage
 */
export function hoursOf(text: string | undefined): ExclusiveHours | null {
  if (text === undefined || text === '') return null;
  const [, from, to, timeZone] = /^(\S{5})-(\S{5}) (\S+)$/.exec(text) ?? [];
  const parsed = ExclusiveHours.safeParse({ from, to, timeZone });
  if (parsed.success) return parsed.data;
  throw new CommandError(
    EXIT.usage,
    `${JSON.stringify(text)} are no hours`,
    'expected hours and a time zone, such as "22:00-06:00 Europe/Zurich"',
  );
}
