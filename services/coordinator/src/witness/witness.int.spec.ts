import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CosignatureEntity } from '#libs/persistence';
import { CoordinatorClient, eventually, makeSigner, useQuorum } from '#libs/testing';
import {
  cosign,
  ed25519Verifier,
  formatTreeSize,
  judgeCosignatures,
  openCheckpoint,
  parseCheckpoint,
  parsePolicy,
  type SignedCheckpoint,
} from '#libs/tlog';
import { PlayedWitness } from './played-witness.fixture.js';
import { WitnessedCoordinator } from './witnessed-coordinator.fixture.js';

const origin = 'log.example/spec';
const outside = new PlayedWitness('outside', 101, 'witness.example/outside');
const agents = [1, 2].map(
  (seed) => new PlayedWitness(`agent${seed}`, 110 + seed, makeSigner(seed).id),
);
const sleeper = new PlayedWitness('sleeper', 120, makeSigner(3).id);
const all = [outside, ...agents, sleeper];
const witnessed = new WitnessedCoordinator(origin, all, [outside], 3);
const quorum = useQuorum({
  start: witnessed.start,
  operators: { acme: 1, bits: 1, coop: 1 },
  environment: { WITNESS_TIMEOUT_SECONDS: '10' },
});

let opened = 0;
const open = (): Promise<string> => {
  opened += 1;
  return quorum().api.open({ commit: opened.toString(16).padStart(40, '0') });
};
async function checkpoint(): Promise<SignedCheckpoint> {
  const note = await (await quorum().api.get('/v1/log/checkpoint')).text();
  return openCheckpoint(note, [ed25519Verifier(origin, quorum().signer.publicKey)], origin);
}
const cosigners = async (): Promise<readonly string[]> =>
  judgeCosignatures(parsePolicy(witnessed.policy), await checkpoint()).cosigners.map(
    ({ witness }) => witness,
  );
const cosignedBy = (...witnesses: readonly PlayedWitness[]): Promise<unknown> =>
  eventually('a checkpoint with these cosigners', cosigners, (names) =>
    witnesses.every(({ label }) => names.includes(label)),
  );

beforeAll(() => {
  for (const agent of agents) agent.listen(quorum().nats, witnessed.logs);
});
afterEach(() => {
  outside.lie = null;
});
afterAll(() => Promise.all(all.map((witness) => witness.stop())));

describe('a checkpoint', () => {
  test('is cosigned by outside witnesses and by agents, and served with all their lines', async () => {
    await open();
    await cosignedBy(outside, ...agents);
    const judgement = judgeCosignatures(parsePolicy(witnessed.policy), await checkpoint());
    expect(judgement).toMatchObject({ isSufficient: true, missing: ['sleeper'] });
    expect(outside.stored).toEqual((await checkpoint()).checkpoint);
    const asleep = (witness: string): Promise<number> =>
      quorum().api.metric('quorum_witness_asleep', { witness });
    expect(await Promise.all(['outside', 'agent1', 'agent2'].map(asleep))).toEqual([0, 0, 0]);
    await eventually(
      'the sleeper',
      () => asleep('sleeper'),
      (value) => value === 1,
    );
  });

  test('names its witnesses in every RoundOpen', async () => {
    const round = await open();
    const { open: said } = await quorum().builder('acme').invitation(round);
    expect(parsePolicy(said.witnessing!.policy)).toEqual(parsePolicy(witnessed.policy));
    expect(said.witnessing!.fallbackSeconds).toBe(3_600);
    // Whoever waits for witnesses has as long after that as others have from the close on.
    expect(said.revealSeconds).toBe(3_600 + 3_600);
  });

  test('that was published while a witness thought is asked for once, with what came after it', async () => {
    await cosignedBy(outside);
    const before = outside.asked.length;
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    outside.lie = async (honest) => {
      await gate;
      return honest;
    };
    for (let round = 0; round < 6; round += 1) await open();
    expect(outside.asked.length - before).toBe(1);
    // Nobody waits for it but itself.
    await cosignedBy(...agents);
    release();
    await cosignedBy(outside);
    expect(outside.asked.length - before).toBeLessThanOrEqual(3);
    const counted = { witness: 'outside', outcome: 'cosigned' };
    expect(
      await quorum().api.metric('quorum_witness_requests_total', counted),
    ).toBeGreaterThanOrEqual(2);
  });

  test('is cosigned by a witness that has forgotten, or that saw an older one elsewhere', async () => {
    outside.stored = null;
    await open();
    await cosignedBy(outside);
    const { checkpoint: seen } = await checkpoint();
    await open();
    await cosignedBy(outside);
    outside.stored = seen;
    await open();
    await cosignedBy(outside);
  });
});

test('a witness that others have cosign more between two questions is asked on, and does not count as asleep', async () => {
  const { api } = quorum();
  const refused = (): Promise<number> =>
    api.metric('quorum_witness_requests_total', { witness: 'outside', outcome: 'refused' });
  await open();
  await cosignedBy(outside);
  const before = await refused();
  const { stored } = outside;
  const moved = [1n, 2n];
  outside.lie = (honest) => {
    const size = moved.shift();
    if (size === undefined) return honest;
    outside.stored = stored;
    return { status: 409, body: formatTreeSize(size) };
  };
  await open();
  await eventually(
    'the end of it',
    () => moved.length,
    (left) => left === 0,
  );
  await cosignedBy(outside);
  expect(await refused()).toBe(before);
});

test('two coordinators on one database may ask the same witnesses, and neither takes the other for a fork', async () => {
  const { api } = quorum();
  const second = await quorum().start();
  const other = new CoordinatorClient(second.url);
  await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      (at % 2 === 0 ? api : other).open({ commit: `ab${at}`.padStart(40, '0') }),
    ),
  );
  await cosignedBy(outside, ...agents);
  for (const each of [api, other]) expect((await each.get('/readyz')).status).toBe(200);
  const [mine, theirs] = await Promise.all(
    [api, other].map(async (each) => (await each.get('/v1/log/checkpoint')).text()),
  );
  expect(mine).toBe(theirs);
  await quorum().stop(second);
});

describe('an answer that is no cosignature is not kept:', () => {
  const stranger = makeSigner(200);
  const signed = (text: string, by = stranger): string => {
    const sign = (message: Uint8Array): Uint8Array => by.sign(message);
    return cosign(text, {
      name: 'witness.example/outside',
      publicKey: by.publicKey,
      sign,
      timeS: 1,
    });
  };
  const textAsked = (): string => {
    const [, note = ''] = /\n\n([^]*)$/.exec(outside.asked.at(-1)!) ?? [];
    return note.slice(0, note.lastIndexOf('\n\n') + 1);
  };

  test.each<[string, () => { status: number; body: string }]>([
    ['a line of another key', () => ({ status: 200, body: signed(textAsked()) })],
    [
      'its line under another checkpoint',
      () => {
        const { size, root } = parseCheckpoint(textAsked());
        const other = `${origin}\n${size + 1n}\n${Buffer.from(root).toString('base64')}\n`;
        return { status: 200, body: signed(other, outside.signer) };
      },
    ],
    ['no line', () => ({ status: 200, body: 'yes\n' })],
    ['nothing', () => ({ status: 200, body: '' })],
    ['more than anybody reads', () => ({ status: 200, body: 'x'.repeat(1_000_000) })],
    ['a failure', () => ({ status: 500, body: 'sorry' })],
    ['a refusal', () => ({ status: 403, body: 'who are you?' })],
    ['a size that is none', () => ({ status: 409, body: 'many\n' })],
    ['a smaller size, each time', () => ({ status: 409, body: formatTreeSize(1n) })],
  ])('%s', async (_, lie) => {
    const { dataSource, api } = quorum();
    const failures = async (): Promise<number> =>
      (await api.metric('quorum_witness_requests_total', { witness: 'outside' })) -
      (await api.metric('quorum_witness_requests_total', {
        witness: 'outside',
        outcome: 'cosigned',
      }));
    await cosignedBy(outside);
    const before = await failures();
    outside.lie = (honest) => (honest.status === 200 ? lie() : honest);
    await open();
    await eventually('a failure', failures, (count) => count > before);
    await cosignedBy(...agents);
    expect(await cosigners()).not.toContain('outside');
    const { size } = (await checkpoint()).checkpoint;
    const kept = await dataSource.getRepository(CosignatureEntity).findBy({ size: Number(size) });
    expect(kept).toHaveLength(agents.length);
    expect((await api.get('/readyz')).status).toBe(200);
    // And an honest one the next time.
    outside.lie = null;
    await open();
    await cosignedBy(outside);
  });
});
