import { describe, expect, test } from 'vitest';
import type { Result } from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { claimOf } from './claim.js';

const head = {
  round: null,
  builder: 'alice-1',
  release: { name: 'ic/x', digest: { gitCommit: 'a'.repeat(40) } },
  salt: `${'A'.repeat(43)}=`,
  agentVersion: '0.1.0',
  agentDigest: null,
  startedAt: '2026-01-02T03:04:05.000Z',
  finishedAt: '2026-01-02T03:04:06.000Z',
  environment: { source: 'measured', facts: {}, withheld: [] },
  logSha256: null,
} as const;
const place = { artifact: 'guestos/update-img', source: 'cdn-sums', url: 'https://x/' } as const;

describe('a claim', () => {
  test('of a build has its digests, and what was really read as published', () => {
    const result: Result = {
      ...head,
      environment: { source: 'measured', facts: {}, withheld: [] },
      kind: 'built',
      outputs: [
        { name: 'guestos/update-img', path: 'guest', sha256: sha256('guest'), sizeBytes: 1 },
        { name: 'hostos/update-img', path: 'host', sha256: sha256('host'), sizeBytes: null },
      ],
      published: [
        { ...place, sha256: sha256('published'), sizeBytes: 3, error: null },
        // A place that could not be read tells nothing about what stands there.
        { ...place, sha256: null, sizeBytes: null, error: { code: 'HTTP', message: '500' } },
      ],
      inputs: {},
    };
    expect(claimOf(result)).toEqual({
      kind: 'built',
      builder: 'alice-1',
      digests: new Map([
        ['guestos/update-img', sha256('guest')],
        ['hostos/update-img', sha256('host')],
      ]),
      observations: [{ ...place, digest: sha256('published') }],
    });
  });

  test('has what was left on the way to each artifact, and what is missing of it', () => {
    const found = { sha256: sha256('tree'), bound: sha256('tree in the round') };
    const result: Result = {
      ...head,
      round: sha256('round'),
      environment: { source: 'measured', facts: {}, withheld: [] },
      ...{ kind: 'built', outputs: [], published: [], inputs: {} },
      intermediates: [
        { name: 'linked', artifacts: ['guestos/update-img', 'setupos/disk-img'], found: null },
        { name: 'tree', artifacts: ['guestos/update-img'], found },
      ],
    };
    expect(claimOf({ ...result, round: null })).not.toHaveProperty('intermediates');
    expect(claimOf(result)).toMatchObject({
      intermediates: new Map([
        [
          'guestos/update-img',
          new Map([
            ['linked', null],
            ['tree', found],
          ]),
        ],
        ['setupos/disk-img', new Map([['linked', null]])],
      ]),
    });
  });

  test('of a failure has its stage and class, and no word of its message', () => {
    const result: Result = {
      ...head,
      environment: { source: 'measured', facts: {}, withheld: [] },
      kind: 'failed',
      stage: 'build',
      class: 'out-of-space',
      message: 'secret',
    };
    expect(claimOf(result)).toEqual({
      kind: 'failed',
      builder: 'alice-1',
      stage: 'build',
      class: 'out-of-space',
    });
  });
});
