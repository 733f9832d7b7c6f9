import { orderBuilder, type OrderOptions } from '../builder/registry/order.js';
import { CommandError, EXIT } from '../exit.js';
import { flagsGiven } from './flags-given.js';
import { revokeBuilder, type RevokeOptions } from './revoke.js';

/** Options of `builder revoke`, whatever becomes of the record. */
export type RevokeAnyOptions = RevokeOptions & OrderOptions;

/** What is said of a key; of a builder its coordinator knows it. */
const OF_A_KEY = [
  ...['key', 'public', 'builder', 'operatorPublic', 'operatorName'],
  ...['out', 'request', 'submit'],
] as const satisfies readonly (keyof RevokeAnyOptions)[];

/**
 * Ends a builder at its coordinator, where its id is given; or makes the record that ends a key.
 *
 * @throws CommandError with the exit code that the failure means; usage for an option that would
 *   have no effect, as a revocation is never taken back
 */
export async function revokeAnyBuilder(
  id: string | undefined,
  options: RevokeAnyOptions,
): Promise<void> {
  if (id === undefined) return revokeBuilder(options);
  refuseUnused(options);
  return orderBuilder('revoke', id, options);
}

/** @throws CommandError usage */
function refuseUnused(options: RevokeAnyOptions): void {
  const ofKey = flagsGiven(options, OF_A_KEY);
  if (ofKey.length > 0) {
    throw new CommandError(
      EXIT.usage,
      `nothing was revoked: ${ofKey.join(', ')} would have no effect beside the id of a builder`,
      'leave the id out to make the record alone; or leave these out: what the operator signs is sent and logged at once',
    );
  }
  const ofRecord = flagsGiven(options, ['since', 'sinceIndex']);
  if (ofRecord.length > 0 && options.operatorKey === undefined) {
    throw new CommandError(
      EXIT.usage,
      `nothing was revoked: ${ofRecord.join(', ')} stands in the record that an operator signs, and there is no --operator-key`,
      'the group ends a builder by its token, and no key: leave these out, or have the operator revoke it',
    );
  }
}
