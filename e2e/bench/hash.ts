import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { hashFile } from '#libs/icos';
import type { Benchmark, Figure } from './benchmark.js';
import { race } from './race.js';

const MIB = 1024 * 1024;
const FILE_MIB = 256;
const MAX_OF_OPENSSL = 1.15;
const MIN_OF_ONE = 1.7;

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
      const figures = await race([
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
      return withGoals(figures);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

/** Says of hashing alone, and of two files on two processors, what was asked for. */
function withGoals([openssl, alone, two]: readonly Figure[]): readonly Figure[] {
  const [one, both] = [alone?.ratio ?? Number.NaN, two?.ratio ?? Number.NaN];
  const sentences = [
    `hash: hashFile takes ${(1 / one).toFixed(2)} of openssl's time (at most ${MAX_OF_OPENSSL})`,
    `hash: two at once are ${(both / one).toFixed(2)} times as fast as one (at least ${MIN_OF_ONE})`,
  ];
  return [openssl, alone, two].flatMap((figure, at) => {
    const sentence = sentences[at - 1];
    return figure === undefined ? [] : [{ ...figure, ...(sentence !== undefined && { sentence }) }];
  });
}

async function fill(path: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (let written = 0; written < FILE_MIB; written += 1) await file.write(randomBytes(MIB));
  } finally {
    await file.close();
  }
}
