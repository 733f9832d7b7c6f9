import { describe, expect, test } from 'vitest';
import { Release } from '#libs/attestation';
import { asCommitId, asSha256 } from '#libs/encoding';
import { ARTIFACT_NAMES } from '#libs/icos';
import type { Elects } from '#libs/nns';
import { releaseOf } from './release.js';

const commit = asCommitId('ab'.repeat(20));
const sha256 = asSha256('cd'.repeat(32));

function election(os: Elects['os']): Elects {
  return { kind: 'elects', os, commit, sha256, urls: [], launchMeasurements: null, unelects: [] };
}

describe('the release of a commit', () => {
  test.each([null, election('guestos'), election('hostos')])(
    'is one that statements and rounds can carry',
    (elects) => {
      const release = releaseOf(commit, elects);
      expect(Release.parse(release)).toEqual(release);
      expect(release).toMatchObject({
        name: `ic/${commit}`,
        source: { digest: { gitCommit: commit } },
      });
    },
  );

  test('asks for every artifact, each once, whatever is elected', () => {
    for (const elects of [null, election('guestos'), election('hostos')]) {
      const names = releaseOf(commit, elects).artifacts.map(({ name }) => name);
      expect(names.toSorted()).toEqual([...ARTIFACT_NAMES].toSorted());
    }
  });

  test('expects nothing and elects nothing without a proposal', () => {
    for (const artifact of releaseOf(commit, null).artifacts) {
      expect(artifact).toMatchObject({ elected: false, expected: null });
    }
  });

  test.each([
    ['guestos', 'guestos/update-img'],
    ['hostos', 'hostos/update-img'],
  ] as const)('takes from an election of %s one digest, for %s', (os, elected) => {
    const release = releaseOf(commit, election(os));
    const named = release.artifacts.filter((artifact) => artifact.elected);
    expect(named).toEqual([
      expect.objectContaining({ name: elected, elected: true, expected: sha256 }),
    ]);
    const others = release.artifacts.filter((artifact) => !artifact.elected);
    expect(others.every(({ expected }) => expected === null)).toBe(true);
  });

  test('says what is inside of what: SetupOS holds the other two', () => {
    const setup = releaseOf(commit, null).artifacts.find(({ name }) => name === 'setupos/disk-img');
    expect(setup!.embeds.toSorted()).toEqual(['guestos/update-img', 'hostos/update-img']);
  });
});
