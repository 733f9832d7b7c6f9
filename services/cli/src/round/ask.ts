import { z } from 'zod';
import { Ask, parseAsk } from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';

/**
 * Reads an ask as `--ask` takes it: demands with commas between them.
 *
 * @throws SelectionError BAD_ASK; CommandError usage
 */
export function askOf(text: string): Ask {
  const parsed = Ask.safeParse(parseAsk(text));
  if (parsed.success) return parsed.data;
  throw new CommandError(
    EXIT.usage,
    `--ask cannot be asked:\n${z.prettifyError(parsed.error)}`,
    "for example --ask 'operators=3, virtualisation:none>=1'",
  );
}
