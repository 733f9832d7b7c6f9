import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { hashFile } from '#libs/icos';
import type { Benchmark } from './benchmark.js';
import { race } from './race.js';

const MIB = 1024 * 1024;
const FILE_MIB = 256;

/** How the builder agent hashes an image, beside openssl's own tool. */
export const hash: Benchmark = {
  name: 'hash',
  question: `SHA-256 of a file of ${FILE_MIB} MiB: the agent's thread, two of them, openssl dgst`,
  run: async () => {
    const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-bench-'));
    try {
      const files = [join(dir, 'a.img'), join(dir, 'b.img')] as const;
      for (const file of files) await fill(file);
      const unit = 'MiB';
      return await race([
        {
          ...{ what: 'openssl dgst -sha256', amount: FILE_MIB, unit },
          lap: () => execa('openssl', ['dgst', '-sha256', files[0]]),
        },
        { what: 'hashFile', amount: FILE_MIB, unit, lap: () => hashFile(files[0]) },
        {
          what: 'hashFile of two at once',
          amount: 2 * FILE_MIB,
          unit,
          lap: () => Promise.all(files.map((file) => hashFile(file))),
        },
      ]);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function fill(path: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (let written = 0; written < FILE_MIB; written += 1) await file.write(randomBytes(MIB));
  } finally {
    await file.close();
  }
}
