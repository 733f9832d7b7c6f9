import { z } from 'zod';
import { AttestationError } from './error.js';
import { Id, Label } from './statement.js';

/** Names a group for ever, in addresses and in what is signed. */
export const GroupId = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    'expected up to 40 lower-case letters, digits and hyphens',
  );
export type GroupId = z.infer<typeof GroupId>;

/** Fewest members: who attests alone speaks for itself. */
export const MIN_GROUP_MEMBERS = 2;
/** Most members of a group. */
export const MAX_GROUP_MEMBERS = 64;
/** Most groups that hold a round together. */
export const MAX_ROUND_GROUPS = 16;

/**
 * A group as a round was opened for it: whoever joins or leaves it later changes nothing about what
 * it said in this round.
 */
export const RoundGroup = z.object({
  group: GroupId,
  name: Label,
  /** Operators, by the labels that rosters have. */
  members: z.array(Id).min(MIN_GROUP_MEMBERS).max(MAX_GROUP_MEMBERS),
  /** How many members have to agree, as a count, or as a fraction of all of them. */
  threshold: z.string().max(20),
});
export type RoundGroup = z.infer<typeof RoundGroup>;

/**
 * Refuses groups of which one stands there twice, or has a member twice.
 *
 * @throws AttestationError MALFORMED_STATEMENT
 */
export function checkGroups(groups: readonly RoundGroup[]): void {
  requireOnce(groups.map(({ group }) => group));
  for (const { members } of groups) requireOnce(members);
}

function requireOnce(names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return;
  throw new AttestationError('MALFORMED_STATEMENT', `${twice} is listed twice: expected it once`);
}
