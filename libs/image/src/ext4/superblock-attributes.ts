import { toHex } from '#libs/encoding';
import { type Attributes, valueText } from '#libs/manifest';
import type { Superblock } from './superblock.js';

const STATES = ['unmounted', 'errors', 'orphans'];

/**
 * Tells the header of a filesystem. Times are whole seconds since 1970. What is empty is absent: a
 * label, a journal of its own, a time of the last check.
 */
export function superblockAttributes({ bytes, features, ...sizes }: Superblock): Attributes {
  const time = (at: number, highAt: number): number =>
    bytes.readUInt32LE(at) + bytes.readUInt8(highAt) * 2 ** 32;
  const all: Record<string, string | number> = {
    uuid: uuidText(bytes.subarray(0x68, 0x78)),
    'hash-seed': uuidText(bytes.subarray(0xec, 0xfc)),
    label: fieldText(bytes.subarray(0x78, 0x88)),
    features: valueText(Buffer.from(features.toString())),
    'block-size': sizes.blockBytes,
    blocks: sizes.blocks,
    inodes: sizes.inodes,
    'inode-size': bytes.readUInt16LE(0x58),
    created: time(0x108, 0x276),
    written: time(0x30, 0x274),
    mounted: time(0x2c, 0x275),
    checked: time(0x40, 0x277),
    'mount-count': bytes.readUInt16LE(0x34),
    'last-mounted': fieldText(bytes.subarray(0x88, 0xc8)),
    'journal-uuid': uuidText(bytes.subarray(0xd0, 0xe0)),
    state: stateText(bytes.readUInt16LE(0x3a)),
  };
  const isTold = (value: string | number): boolean => value !== '' && value !== 0;
  return Object.fromEntries(Object.entries(all).filter(([, value]) => isTold(value)));
}

/** Empty for one of zeros. */
function uuidText(bytes: Buffer): string {
  const hex = toHex(bytes);
  if (/^0+$/.test(hex)) return '';
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function fieldText(bytes: Buffer): string {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return length === 0 ? '' : valueText(bytes.subarray(0, length));
}

function stateText(bits: number): string {
  const names = STATES.filter((_, bit) => (bits >>> bit) & 1);
  return bits < 8 ? names.join(' ') : `0x${bits.toString(16)}`;
}
