import { describe, expect, test } from 'vitest';
import {
  commitmentOf,
  openEnvelope,
  parseStatement,
  readCommit,
  readResult,
  type Environment,
  type Result,
} from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';
import { jobOf, playCoordinator, signerOf } from '../round.fixture.js';
import { VERSION } from '#libs/contracts';
import { resultHead, seal } from './seal.js';

const builder = signerOf(1);
const opened = playCoordinator().open([builder]);
const { round, open } = opened;
const job = jobOf(opened);
const environment: Environment = { source: 'measured', facts: { 'cpu.count': 2 }, withheld: [] };
const times = {
  startedAt: new Date('2026-09-10T03:30:00Z'),
  finishedAt: new Date('2026-09-10T05:00:00Z'),
};
const saltOf = (byte: number): string => toBase64(new Uint8Array(32).fill(byte));

function built(salt: string, digest = sha256('image')): Result {
  return {
    ...resultHead(job, builder, environment, times, salt, sha256('agent')),
    kind: 'built',
    outputs: [{ name: 'guestos/update-img', path: 'a/b.zst', sha256: digest, sizeBytes: 5 }],
    published: [],
    inputs: { source: open.release.source.digest },
    logSha256: sha256('log'),
  };
}

describe('a sealed result', () => {
  test('names round, builder, release, agent and times', () => {
    const { result } = seal(job, built(saltOf(1)), builder);
    const told = readResult(parseStatement(openEnvelope(result, builder.publicKey)));
    expect(told).toMatchObject({
      round,
      builder: builder.id,
      release: { name: open.release.name, digest: open.release.source.digest },
      agentVersion: VERSION,
      agentDigest: sha256('agent'),
      startedAt: '2026-09-10T03:30:00.000Z',
      finishedAt: '2026-09-10T05:00:00.000Z',
      environment,
    });
  });

  test('comes with a commit of the same builder to the same round', () => {
    const { commit } = seal(job, built(saltOf(1)), builder);
    const told = readCommit(parseStatement(openEnvelope(commit, builder.publicKey)));
    expect(told).toMatchObject({ round, builder: builder.id });
  });

  test('is opened by its commitment, and nothing else is', () => {
    const { result, commit } = seal(job, built(saltOf(1)), builder);
    const { commitment } = readCommit(parseStatement(openEnvelope(commit, builder.publicKey)));
    expect(commitment).toBe(commitmentOf(result));
    for (const other of [
      built(saltOf(2)),
      built(saltOf(1), sha256('other image')),
      { ...built(saltOf(1)), builder: signerOf(2).id },
      { ...built(saltOf(1)), round: '0'.repeat(64) },
    ]) {
      expect(commitmentOf(seal(job, other, builder).result)).not.toBe(commitment);
    }
  });

  test('of the same outputs cannot be told from another by its commit: the salt differs', () => {
    const [one, two] = [saltOf(1), saltOf(2)].map((salt) => seal(job, built(salt), builder));
    expect(one?.commit).not.toEqual(two?.commit);
    expect(JSON.stringify(one?.commit)).not.toContain(saltOf(1));
  });

  test('of equal inputs is the same bytes again', () => {
    expect(seal(job, built(saltOf(1)), builder)).toEqual(seal(job, built(saltOf(1)), builder));
  });

  test('that is a failure is committed to in the same form', () => {
    const failed: Result = {
      ...resultHead(job, builder, environment, times, saltOf(3), null),
      ...{ kind: 'failed', stage: 'build', class: 'out-of-space' },
      ...{ message: 'No space left on device', logSha256: null },
    };
    const sealed = seal(job, failed, builder);
    const commit = readCommit(parseStatement(openEnvelope(sealed.commit, builder.publicKey)));
    expect(commit.commitment).toBe(commitmentOf(sealed.result));
    const other = seal(job, built(saltOf(3)), builder);
    expect(sealed.commit.payload).toHaveLength(other.commit.payload.length);
    const told = readResult(parseStatement(openEnvelope(sealed.result, builder.publicKey)));
    expect(told).toEqual(failed);
  });
});
