import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, type ConsumerMessages } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  BUILDER_API_PREFIX,
  builderDurable,
  DISPATCH_STREAM,
  SUBJECTS,
  subjectFor,
} from '#libs/contracts';
import {
  askBuilder,
  authenticatorOf,
  ensureBuilderConsumer,
  ensureStreams,
  publishDurably,
  type NatsCredentials,
} from '#libs/messaging';
import { eventually, makeNatsKey, useNatsWithAccounts, type HandNatsKey } from '#libs/testing';
import { AccountDirectory, openAuthority } from './index.js';

const nats = useNatsWithAccounts();
const one = makeNatsKey();
let coordinator: NatsConnection;
let directory: AccountDirectory;
let system: NatsConnection;

beforeAll(async () => {
  coordinator = await nats().coordinator();
  system = await nats().system();
  directory = new AccountDirectory(nats().authority, system);
  await ensureStreams(coordinator);
});

/** Cutting off has this long, from the call to the end of the connection. */
const CUT_MS = 2_000;

/** Tells when a connection ends, and whether it has. */
function watchEnd(connection: NatsConnection): { ended: Promise<void>; has: () => boolean } {
  let hasEnded = false;
  const ended = (async () => {
    for await (const { type } of connection.status()) {
      if (type !== 'disconnect') continue;
      hasEnded = true;
      return;
    }
  })();
  return { ended, has: () => hasEnded };
}

/** Why the server does not let a builder in; null where it does. */
function refusal(builder: string, key: HandNatsKey): Promise<string | null> {
  return refusalOf(nats().credentials(builder, key));
}

async function refusalOf(credentials: NatsCredentials): Promise<string | null> {
  const authenticator = authenticatorOf(credentials);
  try {
    const connection = await connect({ servers: nats().url, authenticator, reconnect: false });
    await connection.close();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Waits until a connection is there again. */
async function answers(connection: NatsConnection): Promise<void> {
  const flushed = () =>
    connection.flush().then(
      () => true,
      () => false,
    );
  await eventually('a connection', flushed, (isThere) => isThere);
}

async function takeOne(builder: string, connection: NatsConnection): Promise<string> {
  const client = jetstream(connection, { apiPrefix: BUILDER_API_PREFIX });
  const consumer = await client.consumers.get(DISPATCH_STREAM.name, builderDurable(builder));
  const messages: ConsumerMessages = await consumer.consume({ max_messages: 4, expires: 2_000 });
  for await (const message of messages) {
    message.ack();
    messages.stop();
    return message.string();
  }
  throw new Error('nothing came');
}

describe('an admitted builder', () => {
  test('says and hears what is its own', async () => {
    await directory.admitBuilder({ builder: 'b1', natsPublicKey: one.publicKey });
    await ensureBuilderConsumer(coordinator, 'b1');
    const connection = await nats().builder('b1', one);
    await publishDurably(connection, subjectFor(SUBJECTS.commitSubmitted, 'b1'), '{}', 'id-1');
    await publishDurably(coordinator, subjectFor(SUBJECTS.buildRequested, 'b1'), 'build!', 'id-2');
    expect(await takeOne('b1', connection)).toBe('build!');
    const heard = coordinator.subscribe(`${SUBJECTS.progress}.*`, { max: 1 });
    await coordinator.flush();
    connection.publish(subjectFor(SUBJECTS.progress, 'b1'), 'at work');
    for await (const message of heard) expect(message.string()).toBe('at work');
    connection.subscribe(subjectFor(SUBJECTS.cosign, 'b1'), {
      callback: (_, message) => {
        message.respond('cosigned');
      },
    });
    await connection.flush();
    const question = { subject: SUBJECTS.cosign, builder: 'b1', body: '{}', timeoutMs: 2_000 };
    expect((await askBuilder(coordinator, question)).string()).toBe('cosigned');
    await connection.close();
  });
});

describe('a builder that is cut off', () => {
  test('goes within two seconds, stays out over a restart, and nobody else goes with it', async () => {
    const [own, other] = [makeNatsKey(), makeNatsKey()];
    await directory.admitBuilder({ builder: 'cut', natsPublicKey: own.publicKey });
    await directory.admitBuilder({ builder: 'stays', natsPublicKey: other.publicKey });
    const [cut, stays] = [await nats().builder('cut', own), await nats().builder('stays', other)];
    const ends = watchEnd(cut);
    const undisturbed = watchEnd(stays);
    const begun = performance.now();
    await directory.cutOff('cut');
    await ends.ended;
    expect(performance.now() - begun).toBeLessThan(CUT_MS);
    expect(await refusal('cut', own)).toMatch(/authorization violation/i);
    expect(undisturbed.has()).toBe(false);
    await nats().restart();
    expect(await refusal('cut', own)).toMatch(/authorization violation/i);
    await answers(stays);
    await answers(system);
    await directory.admitBuilder({ builder: 'cut', natsPublicKey: own.publicKey });
    await expect(refusal('cut', own)).resolves.toBeNull();
    await Promise.all([cut.close(), stays.close()]);
  });

  test('is let in again with a new key alone, when its key was changed', async () => {
    const [old, fresh] = [makeNatsKey(), makeNatsKey()];
    await directory.admitBuilder({ builder: 'turns', natsPublicKey: old.publicKey });
    const connection = await nats().builder('turns', old);
    const ends = watchEnd(connection);
    await directory.admitBuilder({ builder: 'turns', natsPublicKey: fresh.publicKey });
    await ends.ended;
    expect(await refusal('turns', old)).toMatch(/authorization violation/i);
    expect(await refusal('turns', fresh)).toBeNull();
    await connection.close();
  });
});

describe('accounts', () => {
  const known = (builder: string, isCutOff = false) => {
    const { publicKey } = keys.get(builder) ?? makeNatsKey();
    return { builder, natsPublicKey: publicKey, isCutOff };
  };
  const keys = new Map(['k1', 'k2', 'k3'].map((builder) => [builder, makeNatsKey()]));
  const all = [known('k1'), known('k2'), known('k3', true)];

  test('are pushed where servers do not have them, or have them otherwise, and only there', async () => {
    expect(await directory.ensureAccounts(all)).toEqual({ pushed: 3 });
    expect(await directory.ensureAccounts(all)).toEqual({ pushed: 0 });
    const another = new AccountDirectory(nats().authority, await nats().system());
    expect(await another.ensureAccounts(all)).toEqual({ pushed: 0 });
    await another.cutOff('k2');
    expect(await directory.ensureAccounts(all)).toEqual({ pushed: 1 });
    expect(await refusal('k2', keys.get('k2')!)).toBeNull();
    expect(await refusal('k3', keys.get('k3')!)).toMatch(/authorization violation/i);
  });

  test('are made anew when NATS has lost everything, by several coordinators at once', async () => {
    await directory.ensureAccounts(all);
    await nats().restart(async (dataDir) => {
      for (const name of await readdir(dataDir)) {
        await rm(join(dataDir, name), { recursive: true, force: true });
      }
    });
    expect(await refusal('k1', keys.get('k1')!)).toMatch(/authorization violation/i);
    await answers(system);
    const others = await Promise.all(
      [1, 2].map(async () => new AccountDirectory(nats().authority, await nats().system())),
    );
    await Promise.all([directory, ...others].map((each) => each.ensureAccounts(all)));
    expect(await refusal('k1', keys.get('k1')!)).toBeNull();
    expect(await refusal('k3', keys.get('k3')!)).toMatch(/authorization violation/i);
    expect(await directory.ensureAccounts(all)).toEqual({ pushed: 0 });
  });

  test('of another authority let nobody in, even where they are pushed', async () => {
    const strangers = await openAuthority(join(nats().dir, 'strangers'));
    const pushing = new AccountDirectory(strangers, await nats().system());
    await pushing.admitBuilder({ builder: 'b1', natsPublicKey: one.publicKey });
    const expiresAt = new Date(Date.now() + 60_000);
    const named = { builder: 'b1', natsPublicKey: one.publicKey, expiresAt };
    const credentials = { seed: one.seed, jwt: () => strangers.userJwtFor(named) };
    expect(await refusalOf(credentials)).toMatch(/authorization violation/i);
  });

  test('are pushed by nobody but who signs in to the servers’ own account', async () => {
    const powerless = new AccountDirectory(nats().authority, coordinator);
    await expect(powerless.cutOff('b1')).rejects.toMatchObject({ code: 'NO_ANSWER' });
  });

  test('come with what servers tell of their JetStream', async () => {
    const [told] = await directory.jetStreamConfigs();
    expect(told?.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(told?.config).toMatchObject({
      store_dir: expect.stringContaining('jetstream') as string,
    });
  });
});
