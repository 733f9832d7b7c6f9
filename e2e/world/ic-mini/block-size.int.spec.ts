import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommitId } from '#libs/encoding';
import { detectEra, readNeeds, worktreeReader } from '#libs/icos';
import { cannotRunHere } from '../builder-environment/prepare.js';
import { openTrial } from '../trial.js';
import type { Trial } from '../trial.js';

const smallBlocks = {
  tempFilesystem: { type: 'ext4', sizeBytes: 64 * 1024 * 1024, blockSizeBytes: 1024 },
} as const;
const cannot = await cannotRunHere({ home: '/', tempDir: '/', ...smallBlocks });

let trial: Trial;
let commit: CommitId;
beforeAll(async () => {
  trial = await openTrial();
  commit = await trial.icMini.commit({}, undefined, { checksBlockSize: true });
});
afterAll(() => trial.close());

describe('a release that checks the temp filesystem', () => {
  test('says in its tree what it needs, and builds where it has that', async () => {
    const { worktree } = await trial.build(commit);
    const read = worktreeReader(worktree);
    const needs = await readNeeds(read, await detectEra(read));
    expect(needs).toMatchObject({ tempBlockSizeBytes: 4096 });
  });

  test.skipIf(cannot !== null)('ends where the blocks are smaller, and says so', async () => {
    await expect(trial.build(commit, smallBlocks)).rejects.toThrow(
      /RuntimeError: \S+ has block size 1024 \(expected 4096\)/,
    );
  });
});
