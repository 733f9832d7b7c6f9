import { NnsError } from './error.js';

/** Hash trees are a few dozen levels deep; deeper ones are made to exhaust the stack. */
const MAX_DEPTH = 256;

/** The additional information that announces an argument of 1, 2, 4 or 8 bytes. */
const FIRST_LONG_FORM = 24;
const LAST_LONG_FORM = 27;

/**
 * Checks that bytes are exactly one well-formed CBOR item of definite length, no deeper than 256.
 *
 * The agent's decoder takes lengths on trust: it shortens a string that claims to go on past the
 * end, and ignores what follows the item. Many byte strings would then pass as one certificate.
 *
 * @throws NnsError UNCERTIFIED
 * Source: RFC 8949, section 3 and appendix C
 */
export function checkCborForm(bytes: Uint8Array): void {
  const end = skipItem(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, 0);
  if (end !== bytes.length) throw malformed(`has ${bytes.length - end} bytes after its end`);
}

function skipItem(view: DataView, start: number, depth: number): number {
  if (depth > MAX_DEPTH) throw malformed(`is more than ${MAX_DEPTH} levels deep`);
  const [major, argument, offset] = readHead(view, start);
  switch (major) {
    case 2:
    case 3:
      if (argument > view.byteLength - offset) throw malformed('ends early');
      return offset + argument;
    case 4:
      return skipItems(view, offset, argument, depth);
    case 5:
      return skipItems(view, offset, argument * 2, depth);
    case 6:
      return skipItem(view, offset, depth + 1);
    default:
      return offset;
  }
}

function skipItems(view: DataView, start: number, count: number, depth: number): number {
  let offset = start;
  // Each item takes a byte at least, so a count that lies ends at the end of the bytes.
  for (let index = 0; index < count; index += 1) offset = skipItem(view, offset, depth + 1);
  return offset;
}

function readHead(view: DataView, offset: number): [major: number, argument: number, end: number] {
  if (offset >= view.byteLength) throw malformed('ends early');
  const initial = view.getUint8(offset);
  const major = initial >> 5;
  const info = initial & 0x1f;
  if (info < FIRST_LONG_FORM) return [major, info, offset + 1];
  if (info > LAST_LONG_FORM) throw malformed('has an item of indefinite or reserved length');
  const end = offset + 1 + 2 ** (info - FIRST_LONG_FORM);
  if (end > view.byteLength) throw malformed('ends early');
  let argument = 0;
  for (let index = offset + 1; index < end; index += 1) {
    argument = argument * 256 + view.getUint8(index);
  }
  return [major, argument, end];
}

function malformed(problem: string): NnsError {
  return new NnsError('UNCERTIFIED', `certificate ${problem}: it is no well-formed CBOR`);
}
