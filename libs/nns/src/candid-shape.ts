import { idlLabelToId } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { CandidError, Cursor } from './candid-cursor.js';
import { readHeader, type Header, type WireEntry, type WireType } from './candid-type-table.js';

/**
 * What a value must look like, with its bounds. Reading is strict where the stock decoder is not: a
 * field of no known era, a type that only nearly fits, a blob that ends early, a vector longer than
 * its bound, or a spare byte is refused.
 *
 * Why not `IDL.decode` of @dfinity/candid 3.4.3: it reads `vec nat8` whatever element type the
 * message declares, shortens a blob that ends early, turns a misfit inside `opt` into null, and
 * loops as often as a `vec null` says. Whoever can pay for a proposal chooses these bytes.
 */
export interface Shape<T> {
  /** What the value is when its record has no such field; undefined: the field must be there. */
  readonly absent?: T;
  read(message: Message, type: WireType, where: string): T;
}

interface Message {
  readonly cursor: Cursor;
  readonly table: readonly WireEntry[];
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type RecordOf<F extends Fields> = { [K in keyof F]: F[K] extends Shape<infer T> ? T : never };

const TEXT = -15;
const NAT8 = -5;
const PRINCIPAL = -24;
const MAX_PRINCIPAL_BYTES = 29;
const HEADER_LIMITS = { maxTypes: 64, maxFields: 64 };

/** A text of at most `maxBytes` bytes of valid UTF-8. */
export function text(maxBytes: number): Shape<string> {
  return {
    read({ cursor }, type, where) {
      if (type !== TEXT) throw mismatch(where, 'text');
      const bytes = cursor.take(bounded(cursor.nat(), maxBytes, where, 'bytes'));
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch (cause) {
        throw new CandidError(`${where} is not valid UTF-8`, { cause });
      }
    },
  };
}

/** A principal, as its text. */
export const principal: Shape<string> = {
  read({ cursor }, type, where) {
    if (type !== PRINCIPAL) throw mismatch(where, 'principal');
    if (cursor.byte() !== 1) throw new CandidError(`${where} is an opaque reference`);
    const length = bounded(cursor.nat(), MAX_PRINCIPAL_BYTES, where, 'bytes');
    return Principal.fromUint8Array(cursor.take(length)).toText();
  },
};

/** A blob of exactly `sizeBytes` bytes. */
export function blob(sizeBytes: number): Shape<Uint8Array> {
  return {
    read({ cursor, table }, type, where) {
      if (itemOf(table, type, 'vec') !== NAT8) throw mismatch(where, 'blob');
      const length = cursor.nat();
      if (length !== sizeBytes) {
        throw new CandidError(`${where} has ${length} bytes, expected ${sizeBytes}`);
      }
      return cursor.take(length);
    },
  };
}

/** A vector of at most `maxItems` items. */
export function vec<T>(item: Shape<T>, maxItems: number): Shape<T[]> {
  return {
    read(message, type, where) {
      const itemType = itemOf(message.table, type, 'vec');
      if (itemType === null) throw mismatch(where, 'vec');
      const length = bounded(message.cursor.nat(), maxItems, where, 'items');
      return Array.from({ length }, (_, index) =>
        item.read(message, itemType, `${where}[${index}]`),
      );
    },
  };
}

/** An optional value: null when the message says so or, being older, has no such field. */
export function opt<T>(item: Shape<T>): Shape<T | null> {
  return {
    absent: null,
    read(message, type, where) {
      const itemType = itemOf(message.table, type, 'opt');
      if (itemType === null) throw mismatch(where, 'opt');
      const flag = message.cursor.byte();
      if (flag > 1) throw new CandidError(`${where} is neither null nor a value`);
      return flag === 0 ? null : item.read(message, itemType, where);
    },
  };
}

/** A record of the named fields and no others. */
export function record<F extends Fields>(fields: F): Shape<RecordOf<F>> {
  const byHash = new Map(
    Object.entries(fields).map(([name, shape]) => [idlLabelToId(name), { name, shape }]),
  );
  const names = Object.keys(fields).join(', ');
  return {
    read(message, type, where) {
      const entry = message.table[type];
      if (entry?.kind !== 'record') throw mismatch(where, 'record');
      const values: Record<string, unknown> = {};
      for (const field of entry.fields) {
        const known = byHash.get(field.hash);
        if (known === undefined) {
          throw new CandidError(
            `${where} has a field of no known era (hash ${field.hash}), expected ${names}; a newer release of this program may know it`,
          );
        }
        values[known.name] = known.shape.read(message, field.type, `${where}.${known.name}`);
      }
      for (const [name, shape] of Object.entries(fields)) {
        if (Object.hasOwn(values, name)) continue;
        if (shape.absent === undefined) throw new CandidError(`${where} lacks its field ${name}`);
        values[name] = shape.absent;
      }
      return values as RecordOf<F>;
    },
  };
}

/**
 * Decodes a candid message of exactly one argument.
 *
 * @throws CandidError
 * Source: Candid specification, "Binary format"
 */
export function decodeExactly<T>(shape: Shape<T>, bytes: Uint8Array): T {
  const cursor = new Cursor(bytes);
  const header: Header = readHeader(cursor, HEADER_LIMITS);
  const [type, ...others] = header.arguments;
  if (type === undefined || others.length > 0) {
    throw new CandidError(`it has ${header.arguments.length} arguments, expected 1`);
  }
  const value = shape.read({ cursor, table: header.table }, type, 'argument');
  if (cursor.remaining > 0) throw new CandidError(`it has ${cursor.remaining} bytes too many`);
  return value;
}

function itemOf(table: readonly WireEntry[], type: WireType, kind: 'opt' | 'vec'): WireType | null {
  const entry = table[type];
  return entry?.kind === kind && 'item' in entry ? entry.item : null;
}

function bounded(count: number, max: number, where: string, unit: string): number {
  if (count <= max) return count;
  throw new CandidError(`${where} has ${count} ${unit}, more than ${max}`);
}

function mismatch(where: string, expected: string): CandidError {
  return new CandidError(`${where} is not of type ${expected}`);
}
