import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSigner } from '#libs/attestation';
import { SUBJECTS } from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import { OutgoingEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1 },
});
const commit = '0d'.repeat(20);

/** More builders than a round has room for, as many as an operator may have of each. */
const crowd = Array.from({ length: 640 }, (_, at) =>
  createSigner(Buffer.from(sha256(`seed ${at}`), 'hex')),
);
const idsOf = (from: number, to: number): string[] => crowd.slice(from, to).map(({ id }) => id);
const seats = async (round: string): Promise<number> =>
  (await quorum().api.report(round)).builders.length;

beforeAll(async () => {
  const publicKeys = [...quorum().builders.map(({ signer }) => signer), ...crowd].map(
    ({ publicKey }) => ({ publicKey: toBase64(publicKey) }),
  );
  const [acme, bits, ...others] = publicKeys;
  await quorum().writeRoster(
    JSON.stringify({
      operators: [
        { operator: 'acme', builders: [acme] },
        { operator: 'bits', builders: [bits] },
        ...Array.from({ length: 10 }, (_, at) => ({
          operator: `crowd-${at}`,
          builders: others.slice(64 * at, 64 * (at + 1)),
        })),
      ],
    }),
  );
});
afterAll(() => quorum().writeTrueRoster());

describe('a round whose verdict could be too large to be sent', () => {
  test('is not opened, and leaves no trace', async () => {
    const before = await quorum().contents();
    const problem = await quorum().api.refused('POST', '/v1/rounds', { commit });
    expect(problem).toMatchObject({ status: 422, code: 'round-too-large' });
    expect(problem.detail).toMatch(/^642 builders are too many .* about 5\d\d such builders fit/);
    expect(await quorum().contents()).toEqual(before);
  });

  test('does not become so by an amendment; those that fit are told by one row each time', async () => {
    const { api, builders, dataSource } = quorum();
    const round = await api.open({ commit, builders: builders.map(({ id }) => id) });
    const amend = `/v1/rounds/${round}/amend`;
    for (const more of [idsOf(0, 256), idsOf(256, 512)]) {
      expect((await api.post(amend, { builders: more })).status).toBe(200);
    }
    const before = await quorum().contents();
    const problem = await api.refused('POST', amend, { builders: idsOf(512, 640) });
    expect(problem).toMatchObject({ status: 422, code: 'round-too-large' });
    expect(problem.detail).toMatch(/^642 builders/);
    expect(await quorum().contents()).toEqual(before);
    expect(await seats(round)).toBe(514);

    const rows = await dataSource.manager.find(OutgoingEntity, {
      where: { round },
      order: { createdAt: 'ASC' },
    });
    expect(rows.map(({ subjects }) => subjects.split('\n').length)).toEqual([2, 256, 256]);
    expect(rows.every(({ subjects }) => subjects.startsWith(SUBJECTS.buildRequested))).toBe(true);
    expect(rows.every(({ sentAt }) => sentAt !== null)).toBe(true);
  });
});
