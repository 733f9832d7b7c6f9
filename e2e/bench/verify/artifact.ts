import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import tar, { type Pack } from 'tar-stream';
import { createNoise } from './noise.js';

const CHUNK_BYTES = 1024 ** 2;
/** The boot image's part of the whole; the root image is the rest. */
const BOOT_SHARE = 1 / 16;

/**
 * Writes an update image as `.tar.zst` with the members of a real one. They are noise, so the file
 * is as large as what it holds.
 */
export async function writeArtifact(path: string, sizeBytes: number): Promise<void> {
  const pack = tar.pack();
  const level = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
  const written = pipeline(
    pack,
    createZstdCompress({ params: level, chunkSize: CHUNK_BYTES }),
    createWriteStream(path),
  );
  const bootBytes = Math.floor(sizeBytes * BOOT_SHARE);
  await addMember(pack, 'boot.img', bootBytes);
  await addMember(pack, 'root.img', sizeBytes - bootBytes);
  pack.entry({ name: 'VERSION.TXT' }, 'bench\n');
  pack.finalize();
  await written;
}

async function addMember(pack: Pack, name: string, size: number): Promise<void> {
  await pipeline(Readable.from(noiseOf(name, size)), pack.entry({ name, size }));
}

function* noiseOf(seed: string, sizeBytes: number): Generator<Buffer> {
  const noise = createNoise(seed);
  for (let left = sizeBytes; left > 0; left -= CHUNK_BYTES)
    yield noise(Math.min(left, CHUNK_BYTES));
}
