import { type FileHandle, open } from 'node:fs/promises';

const BLOCK_BYTES = 128 * 1024;
const BLOCK_HEADER_BYTES = 3;
const TAR_BYTES = 512;
/** Magic number, no checksum, no content size, a window of one block. */
const FRAME_HEADER = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);

/**
 * Writes an update image as `.tar.zst` whose size is mostly holes: zstd blocks that store zeros as
 * they are, so a reader has to go through all of it, and the disk holds a thirtieth.
 *
 * Source: RFC 8878 sections 3.1.1.1 and 3.1.1.2; POSIX.1-2017 pax, "ustar Interchange Format"
 */
export async function writeSparseArtifact(path: string, sizeBytes: number): Promise<void> {
  const blocks = Math.ceil(sizeBytes / BLOCK_BYTES);
  const small = ['boot.img', 'VERSION.TXT'].flatMap((name) => [
    tarHeader(name, TAR_BYTES),
    Buffer.alloc(TAR_BYTES, name),
  ]);
  const head = Buffer.concat(small);
  // Two blocks of zeros close the archive; they are among the zeros that follow.
  const rootBytes = blocks * BLOCK_BYTES - head.byteLength - 3 * TAR_BYTES;
  const file = await open(path, 'wx');
  try {
    await file.write(FRAME_HEADER, 0, FRAME_HEADER.byteLength, 0);
    for (let at = 0; at < blocks; at += 1) await writeBlockHeader(file, at, at === blocks - 1);
    const content = Buffer.concat([head, tarHeader('root.img', rootBytes)]);
    await file.write(content, 0, content.byteLength, offsetOf(0) + BLOCK_HEADER_BYTES);
    await file.truncate(offsetOf(blocks));
  } finally {
    await file.close();
  }
}

function offsetOf(block: number): number {
  return FRAME_HEADER.byteLength + block * (BLOCK_HEADER_BYTES + BLOCK_BYTES);
}

async function writeBlockHeader(file: FileHandle, at: number, isLast: boolean): Promise<void> {
  const header = Buffer.alloc(BLOCK_HEADER_BYTES);
  header.writeUIntLE((BLOCK_BYTES << 3) | (isLast ? 1 : 0), 0, BLOCK_HEADER_BYTES);
  await file.write(header, 0, header.byteLength, offsetOf(at));
}

function tarHeader(name: string, sizeBytes: number): Buffer {
  const header = Buffer.alloc(TAR_BYTES);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  header.write(name, 0);
  header.write(`${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
  header.write(`${octal(sizeBytes, 11)}\0${octal(0, 11)}\0`, 124);
  // The checksum is taken with spaces in its own place.
  header.write('        0', 148);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}
