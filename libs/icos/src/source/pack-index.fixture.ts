import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';

const [HEADER, ID, CRC] = [8, 20, 4];

/**
 * Rewrites the index of a pack so that one object goes under another's name, with every checksum
 * right: git reads it without a complaint.
 *
 * Source: gitformat-pack(5), version 2 index
 */
export async function forgeIndex(path: string, from: string, to: string): Promise<void> {
  const index = await readFile(path);
  const count = index.readUInt32BE(HEADER + 255 * 4);
  const [ids, crcs, offsets] = [
    HEADER + 256 * 4,
    HEADER + 256 * 4 + count * ID,
    HEADER + 256 * 4 + count * (ID + CRC),
  ];
  const entries = Array.from({ length: count }, (_, at) => ({
    id: index.toString('hex', ids + at * ID, ids + (at + 1) * ID),
    crc: index.subarray(crcs + at * 4, crcs + (at + 1) * 4),
    offset: index.subarray(offsets + at * 4, offsets + (at + 1) * 4),
  }));
  const forged = entries
    .filter(({ id }) => id !== to)
    .map((entry) => (entry.id === from ? { ...entry, id: to } : entry))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const fanout = Buffer.alloc(256 * 4);
  for (let byte = 0; byte < 256; byte += 1) {
    const below = forged.filter(({ id }) => Number.parseInt(id.slice(0, 2), 16) <= byte);
    fanout.writeUInt32BE(below.length, byte * 4);
  }
  const body = Buffer.concat([
    ...[index.subarray(0, HEADER), fanout, ...forged.map(({ id }) => Buffer.from(id, 'hex'))],
    ...[...forged.map(({ crc }) => crc), ...forged.map(({ offset }) => offset)],
    index.subarray(-2 * ID, -ID),
  ]);
  await rm(path);
  await writeFile(path, Buffer.concat([body, createHash('sha1').update(body).digest()]));
}
