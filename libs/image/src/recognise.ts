import type { ContainerForm } from '#libs/manifest';
import type { ByteSource } from './byte-source.js';
import { isV7Header } from './tar/v7-header.js';

/** Bytes from a file's start that are enough to tell what it is. */
export const PEEK_BYTES = 4608;

const ZSTD = 0xfd2fb528;
const ZSTD_SKIPPABLE = 0x184d2a50;

/** Tells by a file's first bytes what container it may be; null for anything else. */
export function recognise(head: Buffer): ContainerForm | null {
  for (const [form, isForm] of READERS) {
    if (isForm(head)) return form as keyof typeof FORMS;
  }
  return null;
}

/** Does so for a source. */
export function recogniseSource(source: ByteSource): ContainerForm | null {
  return recognise(source.read(0, Math.min(source.sizeBytes, PEEK_BYTES)));
}

const FORMS: Readonly<Record<ContainerForm, (head: Buffer) => boolean>> = {
  zstd: (head) => {
    const magic = head.length < 8 ? 0 : head.readUInt32LE(0);
    return magic === ZSTD || (magic & 0xfffffff0) >>> 0 === ZSTD_SKIPPABLE;
  },
  gzip: (head) => head.length >= 18 && head.readUInt32BE(0) >>> 8 === 0x1f8b08,
  tar: (head) => head.length >= 512 && (has(head, 257, 'ustar') || isV7Header(head)),
  gpt: (head) => has(head, 512, 'EFI PART') || has(head, 4096, 'EFI PART'),
  ext4: (head) => {
    // The magic is two bytes only: what follows from a block size makes a chance hit rare.
    return (
      head.length >= 2048 && head.readUInt16LE(1080) === 0xef53 && head.readUInt32LE(1048) <= 6
    );
  },
  lvm: (head) => {
    return [0, 512, 1024, 1536].some(
      (at) => has(head, at, 'LABELONE') && has(head, at + 24, 'LVM2 001'),
    );
  },
  fat: isFat,
};

const READERS = Object.entries(FORMS);

function has(head: Buffer, at: number, text: string): boolean {
  // Asked of every file there is: a text is made of bytes only where the first of them fits.
  if (head[at] !== text.charCodeAt(0)) return false;
  return head.toString('latin1', at, at + text.length) === text;
}

/** A boot sector ends alike on every disk: only sizes that fit one another make it one of FAT. */
export function isFat(head: Buffer): boolean {
  if (head.length < 512 || head.readUInt16LE(510) !== 0xaa55) return false;
  if (![0xeb, 0xe9].includes(head.readUInt8(0))) return false;
  const sectorBytes = head.readUInt16LE(11);
  const clusterSectors = head.readUInt8(13);
  return (
    [512, 1024, 2048, 4096].includes(sectorBytes) &&
    clusterSectors > 0 &&
    (clusterSectors & (clusterSectors - 1)) === 0 &&
    head.readUInt16LE(14) > 0 &&
    [1, 2].includes(head.readUInt8(16)) &&
    head.readUInt8(21) >= 0xf0
  );
}
