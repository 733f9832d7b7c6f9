import { createHash } from 'node:crypto';
import { type Attributes, type NodeKind, valueText } from '#libs/manifest';
import { ImageError } from '../error.js';
import type { ExtendedFacts } from './extended-facts.js';
import { type Field, FIELDS, headerNumber, headerText } from './header-block.js';
import { type MemberPath, memberPath } from './member-path.js';
import type { RangeBlocks } from './range-blocks.js';
import type { SparseRanges } from './sparse-ranges.js';
import { untoldPart } from './told-spelling.js';

/** Everything that stands before the content of one member. */
export interface MemberHeaders {
  readonly block: Buffer;
  /** Blocks and contents of the extended headers before it, in their order. */
  readonly extended: readonly ExtendedHeader[];
  readonly facts: ExtendedFacts | null;
  readonly blocks: RangeBlocks | null;
}

/** One `x`, `L` or `K` header. */
export interface ExtendedHeader {
  readonly type: string;
  readonly block: Buffer;
  readonly content: Buffer;
}

/** A member as its headers tell it. */
export interface TarMemberHead extends MemberPath {
  readonly kind: NodeKind;
  readonly attributes: Attributes;
  /** Bytes of a file, holes included; 0 for all else. */
  readonly sizeBytes: number;
}

const KINDS: Readonly<Record<string, NodeKind>> = {
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'device',
  '4': 'device',
  '5': 'directory',
  '6': 'fifo',
};
const NOTHING = Buffer.alloc(0);

/** Tells what a type flag makes of a member; what is unknown is read as a file. */
export function kindOf(block: Buffer): NodeKind {
  return KINDS[String.fromCharCode(block[FIELDS.type[0]] ?? 0)] ?? 'file';
}

/**
 * Reads the headers of a member into the attributes that a manifest has.
 *
 * @throws ImageError CORRUPT, BAD_MEMBER_NAME
 */
export function memberHead(
  headers: MemberHeaders,
  sizeBytes: number,
  ranges: SparseRanges | null,
): TarMemberHead {
  const { block, facts } = headers;
  const kind = kindOf(block);
  const names = namesOf(headers);
  const { path, trimmed } = memberPath(names.name);
  const isFile = kind === 'file';
  const mode = headerNumber(block, FIELDS.mode);
  const attributes: Record<string, string | number> = {
    mode: (mode & 0o7777n).toString(8).padStart(4, '0'),
    uid: facts?.number('uid') ?? integer(headerNumber(block, FIELDS.uid)),
    gid: facts?.number('gid') ?? integer(headerNumber(block, FIELDS.gid)),
    user: valueText(names.user),
    group: valueText(names.group),
    mtime: facts?.time('mtime') ?? integer(headerNumber(block, FIELDS.mtime)),
    header: headerDigest(headers, names, trimmed),
  };
  for (const key of ['atime', 'ctime']) {
    const time = facts?.time(key);
    if (time !== undefined) attributes[key] = time;
  }
  if (isFile) attributes['size'] = sizeBytes;
  if (kind === 'symlink' || kind === 'hardlink') attributes['target'] = valueText(names.target);
  if (kind === 'device') attributes['rdev'] = deviceText(block);
  if (ranges !== null) {
    attributes['holes'] = ranges.digest();
    attributes['hole-unit'] = ranges.unit(sizeBytes);
  }
  const sparse = headers.blocks === null ? facts?.sparseVersion : 'gnu';
  if (sparse != null) attributes['sparse'] = sparse;
  for (const [name, value] of facts?.xattrs ?? []) attributes[`xattr.${name}`] = value;
  return { path, trimmed, kind, attributes, sizeBytes: isFile ? sizeBytes : 0 };
}

interface Names {
  readonly name: Buffer;
  readonly target: Buffer;
  readonly user: Buffer;
  readonly group: Buffer;
}

function namesOf({ block, extended, facts }: MemberHeaders): Names {
  const long = (type: string): Buffer | undefined => {
    const content = extended.findLast((header) => header.type === type)?.content;
    const end = content?.indexOf(0) ?? -1;
    return end === -1 ? content : content?.subarray(0, end);
  };
  return {
    name: facts?.text('GNU.sparse.name') ?? facts?.text('path') ?? long('L') ?? nameOf(block),
    target: facts?.text('linkpath') ?? long('K') ?? headerText(block, FIELDS.target),
    user: facts?.text('uname') ?? headerText(block, FIELDS.user),
    group: facts?.text('gname') ?? headerText(block, FIELDS.group),
  };
}

function nameOf(block: Buffer): Buffer {
  const name = headerText(block, FIELDS.name);
  if (block.toString('latin1', 257, 263) !== 'ustar\0') return name;
  const prefix = headerText(block, FIELDS.prefix);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

/** Digest of all in the headers that no attribute tells: spelling, leftovers, unknown records. */
function headerDigest(headers: MemberHeaders, names: Names, trimmed: string): string {
  const { block, extended, facts, blocks } = headers;
  const kind = kindOf(block);
  const numbers: Field[] = [FIELDS.uid, FIELDS.gid, FIELDS.mtime];
  if (headerNumber(block, FIELDS.mode) <= 0o7777n) numbers.push(FIELDS.mode);
  if (kind === 'file') numbers.push(FIELDS.size);
  if (kind === 'device') numbers.push(FIELDS.deviceMajor, FIELDS.deviceMinor);
  const hash = createHash('sha256').update('repro-quorum/tar-header/v1\n');
  for (const header of extended) {
    const mtime = headerNumber(header.block, FIELDS.mtime);
    const isOfMember = mtime === headerNumber(block, FIELDS.mtime);
    const told = isOfMember ? [FIELDS.size, FIELDS.mtime] : [FIELDS.size];
    const nothing = { name: NOTHING, target: NOTHING, user: NOTHING, group: NOTHING };
    hash.update(untoldPart(header.block, { ...nothing, numbers: told, type: false }));
    const text = header.type === 'L' ? names.name : names.target;
    const isTold = header.content.equals(Buffer.concat([text, Buffer.alloc(1)]));
    if (header.type !== 'x' && !isTold) hash.update(header.content);
  }
  const isPlainFile = ['0', 'S'].includes(String.fromCharCode(block[FIELDS.type[0]] ?? 0));
  const left = untoldPart(block, { ...names, numbers, type: isPlainFile });
  blocks?.clear(left);
  hash.update(left);
  for (const untold of blocks?.untold.slice(1) ?? []) hash.update(untold);
  hash.update(JSON.stringify([trimmed, facts?.untold ?? null]));
  return hash.digest('hex');
}

function integer(value: bigint): string | number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function deviceText(block: Buffer): string {
  const type = block[FIELDS.type[0]] === 0x33 ? 'c' : 'b';
  const [major, minor] = [FIELDS.deviceMajor, FIELDS.deviceMinor].map((at) =>
    headerNumber(block, at).toString(),
  );
  return `${type} ${major ?? ''},${minor ?? ''}`;
}

/** A size that a header tells, as a number to count with. @throws ImageError CORRUPT */
export function sizeOf(block: Buffer, field: Field): number {
  const value = headerNumber(block, field);
  if (value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new ImageError('CORRUPT', `tar header has no size at byte ${field[0]}`);
}
