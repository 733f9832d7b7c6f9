import { IDL } from '@dfinity/candid';
import { Cursor } from './candid-cursor.js';
import { readHeader, type Header, type WireType } from './candid-type-table.js';
import { NnsError } from './error.js';

/** Governance's largest reply declares some 150 types, and 25 fields in one of them. */
const HEADER_LIMITS = { maxTypes: 2000, maxFields: 500 };

/** The opcodes of null, reserved and empty. */
const WEIGHTLESS: ReadonlySet<WireType> = new Set([-1, -16, -17]);

/**
 * Decodes one reply of the governance canister by the stock decoder, to what `type` stands for.
 *
 * @throws NnsError MALFORMED_ANSWER
 */
export function decodeReply(type: IDL.Type, reply: Uint8Array): unknown {
  try {
    const header = readHeader(new Cursor(reply), HEADER_LIMITS);
    refuseWeightlessVectors(header);
    // The stock decoder ignores where a view begins in its buffer, hence the copy.
    return IDL.decode([type], Uint8Array.from(reply))[0];
  } catch (cause) {
    if (cause instanceof NnsError) throw cause;
    throw new NnsError(
      'MALFORMED_ANSWER',
      'reply of the governance canister does not fit its known interface; a newer release of this program may know it',
      { cause },
    );
  }
}

/** A listing is one node's word: a few bytes that declare 2^53 nulls would keep us busy for ever. */
function refuseWeightlessVectors({ table }: Header): void {
  const known = new Map<WireType, boolean>();
  const isWeightless = (type: WireType): boolean => {
    const entry = table[type];
    if (entry === undefined) return WEIGHTLESS.has(type);
    if (entry.kind !== 'record') return false;
    const answer = known.get(type);
    if (answer !== undefined) return answer;
    known.set(type, false); // a record that holds itself has no value at all
    const weightless = entry.fields.every((field) => isWeightless(field.type));
    known.set(type, weightless);
    return weightless;
  };
  for (const entry of table) {
    if (entry.kind === 'vec' && isWeightless(entry.item)) {
      throw new NnsError('MALFORMED_ANSWER', 'reply declares a vector of values without bytes');
    }
  }
}
