import { asCommitId, sha256 } from '#libs/encoding';
import { describe, expect, test } from 'vitest';
import { inputsOfRebuild } from './rebuild-inputs.js';
import type { RebuildEnd } from './rebuild-release.js';

const COMMIT = asCommitId('79faae8b354edbf45ae858f1c88bcd1eba4897a5');
const TREE = 'a'.repeat(40);
const NOTHING: RebuildEnd = {
  ...{ source: null, era: null, home: null, container: null, isolation: null, scriptSha256: null },
  ...{ outputs: null, intermediates: [], failure: null, logSha256: null },
};
const SOURCE: RebuildEnd['source'] = {
  ...{ worktree: '/w', treeId: TREE, history: 'commit', branchTips: [] },
  ...{ isShallow: true, isClean: true, gitVersion: '2.39.5' },
};
const ran = (imageDigest: string | null): RebuildEnd['container'] => ({
  ...{ ran: true, engine: 'podman', imageDigest, imageOrigin: null },
});

describe('the inputs of a rebuild', () => {
  test('are the commit and its tree, its own script, and the image that it ran in', () => {
    const digest = sha256('image');
    const end = { ...NOTHING, source: SOURCE, scriptSha256: sha256('script') };
    expect(inputsOfRebuild(COMMIT, { ...end, container: ran(`sha256:${digest}`) })).toEqual({
      source: { gitCommit: COMMIT, gitTree: TREE },
      'build-script': { sha256: sha256('script') },
      'build-image': { sha256: digest },
    });
  });

  test('leave out what is not known', () => {
    expect(inputsOfRebuild(COMMIT, NOTHING)).toEqual({ source: { gitCommit: COMMIT } });
    for (const imageDigest of [null, 'sha256:', 'sha512:00', 'latest']) {
      const end = { ...NOTHING, container: ran(imageDigest) };
      expect(inputsOfRebuild(COMMIT, end)).toEqual({ source: { gitCommit: COMMIT } });
    }
  });
});
