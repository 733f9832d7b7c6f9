import { CandidError, type Cursor } from './candid-cursor.js';

/** An index into the message's type table, or the negative opcode of a primitive. */
export type WireType = number;

/** A composed type as the message declares it. */
export type WireEntry =
  | { readonly kind: 'opt' | 'vec'; readonly item: WireType }
  | { readonly kind: 'record' | 'variant'; readonly fields: readonly WireField[] };

/** One field of a record or variant: the hash of its name, and its type. */
export interface WireField {
  readonly hash: number;
  readonly type: WireType;
}

/** Everything in a candid message before its values. */
export interface Header {
  readonly table: readonly WireEntry[];
  readonly arguments: readonly WireType[];
}

/** How much a message may declare before it is refused. */
export interface HeaderLimits {
  readonly maxTypes: number;
  readonly maxFields: number;
}

const MAGIC = 'DIDL';

/**
 * Reads the head of a candid message: magic, type table, argument types. Functions and services are
 * refused; no message read here has any.
 *
 * @throws CandidError
 * Source: Candid specification, "Binary format", types T and A
 */
export function readHeader(cursor: Cursor, limits: HeaderLimits): Header {
  if (Buffer.from(cursor.take(Math.min(MAGIC.length, cursor.remaining))).toString() !== MAGIC) {
    throw new CandidError('it does not start with DIDL');
  }
  const types = readCount(cursor, limits.maxTypes, 'types');
  const table = Array.from({ length: types }, () => readEntry(cursor, limits.maxFields));
  const count = readCount(cursor, limits.maxFields, 'arguments');
  const header = { table, arguments: Array.from({ length: count }, () => cursor.int()) };
  for (const type of referenced(header)) {
    if (type >= types) throw new CandidError('it refers to a type that it does not declare');
  }
  return header;
}

function readEntry(cursor: Cursor, maxFields: number): WireEntry {
  const opcode = cursor.int();
  switch (opcode) {
    case -18:
      return { kind: 'opt', item: cursor.int() };
    case -19:
      return { kind: 'vec', item: cursor.int() };
    case -20:
      return { kind: 'record', fields: readFields(cursor, maxFields) };
    case -21:
      return { kind: 'variant', fields: readFields(cursor, maxFields) };
    default:
      throw new CandidError(`it declares a type of unexpected opcode ${opcode}`);
  }
}

function readFields(cursor: Cursor, maxFields: number): WireField[] {
  const fields: WireField[] = [];
  const count = readCount(cursor, maxFields, 'fields');
  for (let index = 0; index < count; index += 1) {
    const hash = cursor.nat();
    const previous = fields.at(-1)?.hash ?? -1;
    if (hash <= previous) throw new CandidError('it has a field twice, or fields out of order');
    fields.push({ hash, type: cursor.int() });
  }
  return fields;
}

function readCount(cursor: Cursor, max: number, what: string): number {
  const count = cursor.nat();
  if (count > max) throw new CandidError(`it declares ${count} ${what}, more than ${max}`);
  return count;
}

function* referenced(header: Header): Generator<WireType> {
  yield* header.arguments;
  for (const entry of header.table) {
    if ('item' in entry) yield entry.item;
    else for (const field of entry.fields) yield field.type;
  }
}
