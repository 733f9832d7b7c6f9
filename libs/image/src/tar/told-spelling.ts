import { type Field, FIELDS } from './header-block.js';

/** What of a header block is told elsewhere, so that only its spelling is left to be hashed. */
export interface ToldFields {
  readonly name: Buffer;
  readonly target: Buffer;
  readonly user: Buffer;
  readonly group: Buffer;
  /** Fields whose number is told. */
  readonly numbers: readonly Field[];
  /** Whether the type is told by the kind of the member. */
  readonly type: boolean;
}

const ANY_DIGIT = 0x64;
const ANY_BASE_256 = 0x42;

/**
 * Takes out of a header block all that a manifest tells by name, and leaves how it was spelled: a
 * digit of a told number becomes any digit, a told text that fills its field alone becomes zeros.
 * What is left differs between two archives only where something untold does.
 */
export function untoldPart(block: Buffer, told: ToldFields): Buffer {
  const left = Buffer.from(block);
  maskNumber(left, FIELDS.checksum);
  for (const field of told.numbers) maskNumber(left, field);
  if (told.type) left[FIELDS.type[0]] = 0;
  maskName(left, told.name);
  maskText(left, FIELDS.target, told.target);
  maskText(left, FIELDS.user, told.user);
  maskText(left, FIELDS.group, told.group);
  return left;
}

function maskNumber(block: Buffer, [offset, lengthBytes]: Field): void {
  if ((block[offset] ?? 0) >= 0x80) {
    block.fill(ANY_BASE_256, offset, offset + lengthBytes);
    return;
  }
  for (let at = offset; at < offset + lengthBytes; at += 1) {
    const byte = block[at] ?? 0;
    if (byte >= 0x30 && byte <= 0x37) block[at] = ANY_DIGIT;
  }
}

function maskText(block: Buffer, [offset, lengthBytes]: Field, told: Buffer): void {
  const whole = Buffer.alloc(lengthBytes);
  told.copy(whole);
  if (told.length <= lengthBytes && block.subarray(offset, offset + lengthBytes).equals(whole)) {
    block.fill(0, offset, offset + lengthBytes);
  }
}

/** In ustar a long name is cut in two at some slash; where, is what is left of it. */
function maskName(block: Buffer, told: Buffer): void {
  const [prefixOffset, prefixBytes] = FIELDS.prefix;
  const isUstar = block.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = block.subarray(prefixOffset, prefixOffset + prefixBytes);
  const end = prefix.indexOf(0);
  const cut = !isUstar || end === 0 ? -1 : end === -1 ? prefixBytes : end;
  if (cut === -1) {
    maskText(block, FIELDS.name, told);
  } else if (told[cut] === 0x2f && told.subarray(0, cut).equals(prefix.subarray(0, cut))) {
    maskText(block, FIELDS.prefix, told.subarray(0, cut));
    maskText(block, FIELDS.name, told.subarray(cut + 1));
    block[prefixOffset] = cut;
  }
}
