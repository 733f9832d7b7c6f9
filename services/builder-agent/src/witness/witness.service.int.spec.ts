import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { CosigningAnswer, SUBJECTS, subjectFor } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { askBuilder } from '#libs/messaging';
import { natsUrl } from '#libs/testing';
import { cosignatureVerifier, formatTreeSize, verifyCosignature } from '#libs/tlog';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { playLog, type PlayedLog } from '../log.fixture.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { LogStateService } from './log-state.service.js';
import { WitnessService } from './witness.service.js';

const witnessKey = signerOf(101);
const played = playCoordinator();
const ORIGIN = played.coordinator.origin;

const nats = useConnection(natsUrl);

let seeds = 0;
let builder = signerOf(1);
let dir: string;
let log: PlayedLog;
beforeEach(async () => {
  builder = signerOf((seeds += 1));
  dir = await scratchDirectory();
  log = playLog(played.signer);
  for (let leaf = 0; leaf < 8; leaf += 1) log.append(`leaf ${leaf}`);
});

const folder = (): string => join(dir, 'state/witness');
const statePath = (): string => join(folder(), sha256(ORIGIN));
const stateText = (): Promise<string> => readFile(statePath(), 'utf8');
const forks = async (): Promise<string[]> =>
  (await readdir(folder())).filter((name) => name.startsWith('fork-'));

/** Starts a witness on what is on disk, as an agent that starts anew would. */
async function startWitness(
  signer: typeof witnessKey | null = witnessKey,
): Promise<WitnessService> {
  const state = new LogStateService(configBelow(dir), played.coordinator);
  const service = new WitnessService(builder, signer, played.coordinator, nats(), state);
  service.onModuleInit();
  await nats().flush();
  onTestFinished(() => service.onApplicationShutdown());
  return service;
}

async function ask(body: string | Uint8Array): Promise<CosigningAnswer> {
  const data = typeof body === 'string' ? JSON.stringify({ body }) : body;
  const asked = { subject: SUBJECTS.cosign, builder: builder.id, body: data, timeoutMs: 5_000 };
  const reply = await askBuilder(nats(), asked);
  return CosigningAnswer.parse(reply.json());
}

/** Verifies an answer as the cosignature of exactly this tree. */
function expectCosigned({ status, body }: CosigningAnswer, note: string): void {
  expect(status).toBe(200);
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const { timeS } = verifyCosignature(
    text,
    body,
    cosignatureVerifier(builder.id, witnessKey.publicKey),
  );
  expect(Math.abs(timeS - Date.now() / 1000)).toBeLessThan(60);
}

describe('a witness', () => {
  test('cosigns growth, under the builder’s id, once what it saw is on disk', async () => {
    await startWitness();
    expectCosigned(await ask(log.asking(0, 3)), log.note(3));
    expect(await stateText()).toBe(log.note(3));
    expectCosigned(await ask(log.asking(3, 8)), log.note(8));
    expect(await stateText()).toBe(log.note(8));
  });

  test('cosigns the same tree as often as it is asked', async () => {
    await startWitness();
    await ask(log.asking(0, 5));
    expectCosigned(await ask(log.asking(5, 5)), log.note(5));
  });

  test('tells its size to who asks from another', async () => {
    await startWitness();
    await ask(log.asking(0, 5));
    for (const from of [0, 3]) {
      expect(await ask(log.asking(from, 8))).toEqual({ status: 409, body: formatTreeSize(5n) });
    }
    expect(await stateText()).toBe(log.note(5));
  });

  test.each<[string, () => string | Uint8Array, number]>([
    ['no JSON', () => Buffer.from('old 0'), 400],
    ['JSON of another form', () => Buffer.from('{"body":1}'), 400],
    ['no request', () => 'old 0\n', 400],
    [
      'a checkpoint of another log',
      () => playLog(played.signer, 'other.invalid/log').asking(0),
      404,
    ],
    ['a checkpoint that another key signed', () => playLog(signerOf(250)).asking(0), 403],
    ['a checkpoint that nobody signed', () => log.asking(0).replace(/\n— .*\n$/, '\n'), 400],
  ])('does not cosign %s, and keeps nothing of it', async (_, body, status) => {
    await startWitness();
    expect((await ask(body())).status).toBe(status);
    await expect(stateText()).rejects.toThrow('ENOENT');
  });

  test('of an agent without a witness key is not there', async () => {
    await startWitness(null);
    await expect(ask(log.asking(0))).rejects.toThrow(/does not listen/);
  });
});

describe('two requests at once', () => {
  test('on two forks: one is cosigned, whichever comes first', async () => {
    await startWitness();
    await ask(log.asking(0, 4));
    const other = log.fork(4);
    for (let leaf = 0; leaf < 4; leaf += 1) other.append(`another leaf ${leaf}`);
    const answers = await Promise.all([ask(log.asking(4, 8)), ask(other.asking(4, 8))]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  });

  test('far more than it takes are turned away, and the next is answered', async () => {
    await startWitness();
    const answers = await Promise.all(
      Array.from({ length: 120 }, async () => (await ask(log.asking(0, 4))).status),
    );
    expect(answers.filter((status) => ![200, 409, 503].includes(status))).toEqual([]);
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expectCosigned(await ask(log.asking(4, 8)), log.note(8));
  });
});

describe('after a crash', () => {
  test('between state and answer, the same tree is cosigned when it is asked for again', async () => {
    const state = new LogStateService(configBelow(dir), played.coordinator);
    await state.update(() => ({ keep: log.note(5), answer: null }));
    await startWitness();
    // The log does not know that it was heard: it asks from where it left off, and is told.
    expect(await ask(log.asking(0, 5))).toEqual({ status: 409, body: formatTreeSize(5n) });
    expectCosigned(await ask(log.asking(5, 5)), log.note(5));
  });

  test('in the middle of writing, the state is the one before', async () => {
    const first = await startWitness();
    await ask(log.asking(0, 5));
    await first.onApplicationShutdown();
    await writeFile(`${statePath()}.0b1c.part`, log.note(8).slice(0, 20));
    await startWitness();
    expectCosigned(await ask(log.asking(5, 8)), log.note(8));
  });

  test('an older copy of the state put back is not noticed: a fork since then is cosigned', async () => {
    const first = await startWitness();
    await ask(log.asking(0, 4));
    const copy = join(dir, 'copy');
    await copyFile(statePath(), copy);
    await ask(log.asking(4, 8));
    await first.onApplicationShutdown();
    await copyFile(copy, statePath());
    await startWitness();
    const other = log.fork(4);
    other.append('another leaf');
    expectCosigned(await ask(other.asking(4)), other.note());
  });
});

describe('a state that cannot be read stops witnessing, and never starts from nothing', () => {
  test.each<[string, () => Promise<void>]>([
    ['is empty', () => writeFile(statePath(), '')],
    ['is garbage', () => writeFile(statePath(), '\0\0\0\0')],
    ['is of another log', () => writeFile(statePath(), playLog(signerOf(9), 'x.invalid').note())],
    ['was signed by another key', () => writeFile(statePath(), playLog(signerOf(9)).note())],
    [
      'was altered by hand',
      async () => writeFile(statePath(), log.note(4).replace('\n4\n', '\n3\n')),
    ],
    ['is a folder', () => mkdir(statePath())],
  ])('that %s', async (_, spoil) => {
    await startWitness();
    await ask(log.asking(0, 4));
    await rm(statePath());
    await spoil();
    for (const from of [0, 4]) {
      expect(await ask(log.asking(from, 8))).toMatchObject({ status: 500 });
    }
    // Put right by hand, it goes on from there.
    await rm(statePath(), { recursive: true });
    await writeFile(statePath(), log.note(4));
    expectCosigned(await ask(log.asking(4, 8)), log.note(8));
  });
});

describe('a fork of the log', () => {
  test('of the same size is refused, and both notes are kept: proof for everybody', async () => {
    await startWitness();
    await ask(log.asking(0, 8));
    const other = log.fork(4);
    for (let leaf = 0; leaf < 4; leaf += 1) other.append(`another leaf ${leaf}`);
    for (let times = 0; times < 3; times += 1) {
      expect(await ask(other.asking(8, 8))).toMatchObject({ status: 422 });
    }
    const [name = '', ...more] = await forks();
    expect(more).toEqual([]);
    expect(JSON.parse(await readFile(join(folder(), name), 'utf8'))).toEqual({
      ...{ isProvenFork: true, seen: log.note(8), shown: other.note(8) },
    });
    expect(await stateText()).toBe(log.note(8));
  });

  test('that grew on is refused, and both notes are kept: the log owes a proof', async () => {
    await startWitness();
    await ask(log.asking(0, 6));
    const other = log.fork(4);
    for (let leaf = 0; leaf < 6; leaf += 1) other.append(`another leaf ${leaf}`);
    expect(await ask(other.asking(6, 10))).toMatchObject({ status: 422 });
    const [name = ''] = await forks();
    expect(JSON.parse(await readFile(join(folder(), name), 'utf8'))).toEqual({
      ...{ isProvenFork: false, seen: log.note(6), shown: other.note(10) },
    });
    expectCosigned(await ask(log.asking(6, 8)), log.note(8));
  });
});

test.each([
  ['a dispatch to another builder', 'quorum.v1.to-builder.build-requested.b2'],
  ['what another builder submits', 'quorum.v1.from-builder.commit-submitted.b2'],
  ['the answers of another builder', 'quorum.v1.answer.b2.nonce'],
])('a question that wants its answer sent as %s is not answered at all', async (_, forged) => {
  await startWitness();
  const heard: string[] = [];
  const listening = nats().subscribe(forged, {
    callback: (_error, { subject }) => {
      heard.push(subject);
    },
  });
  nats().publish(subjectFor(SUBJECTS.cosign, builder.id), '{"body":""}', { reply: forged });
  // Questions are taken in order: this one is answered after the other would have been.
  expect((await ask('')).status).toBe(400);
  listening.unsubscribe();
  expect(heard).toEqual([]);
});
