import type { NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { subjectFor, SUBJECTS } from '#libs/contracts';
import { askBuilder } from '#libs/messaging';
import { eventually, makeNatsKey, useNatsWithAccounts } from '#libs/testing';

const BUILDERS = 1_000;
/** What a machine does at a time without waiting for itself. */
const AT_ONCE = 50;
const CUT_MS = 2_000;
const nats = useNatsWithAccounts();

/** Does something for each, some at a time. */
async function forEach<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    done.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return done;
}

/** One builder that is connected, and answers when it is asked. */
interface Connected {
  readonly builder: string;
  readonly connection: NatsConnection;
  disconnections: number;
}

test('a thousand builders are admitted to a running server, and one is cut off, without a word to another', async () => {
  const directory = await nats().directory();
  const coordinator = await nats().coordinator();
  const admitted = Array.from({ length: BUILDERS }, (_, at) => ({
    builder: `builder-${at}`,
    key: makeNatsKey(),
  }));
  const connect = async ({ builder, key }: (typeof admitted)[number]): Promise<Connected> => {
    await directory.admitBuilder({ builder, natsPublicKey: key.publicKey });
    const connection = await nats().builder(builder, key);
    const connected = { builder, connection, disconnections: 0 };
    void (async () => {
      for await (const { type } of connection.status()) {
        if (type === 'disconnect') connected.disconnections += 1;
      }
    })();
    connection.subscribe(subjectFor(SUBJECTS.cosign, builder), {
      callback: (_, message) => {
        message.respond(builder);
      },
    });
    return connected;
  };
  const ask = async ({ builder }: Connected): Promise<string> => {
    const question = { subject: SUBJECTS.cosign, builder, body: '{}', timeoutMs: 10_000 };
    return (await askBuilder(coordinator, question)).string();
  };
  // The first is there before all others come, and hears of none of them.
  const all = await forEach(admitted, connect);
  await forEach(all, ({ connection }) => connection.flush());
  expect(all.map(({ disconnections }) => disconnections)).toEqual(all.map(() => 0));
  expect(await forEach(all, ask)).toEqual(all.map(({ builder }) => builder));

  const at = 500;
  const [cut] = all.splice(at, 1);
  const begun = performance.now();
  await directory.cutOff(cut!.builder);
  await eventually(
    'the end of its connection',
    () => Promise.resolve(cut!.disconnections),
    (count) => count > 0,
  );
  expect(performance.now() - begun).toBeLessThan(CUT_MS);
  await cut!.connection.close();
  await expect(ask(cut!)).rejects.toMatchObject({ code: 'AWAY' });

  expect(await forEach(all, ask)).toEqual(all.map(({ builder }) => builder));
  expect(all.map(({ disconnections }) => disconnections)).toEqual(all.map(() => 0));

  const known = admitted.map(({ builder, key }) => ({
    ...{ builder, natsPublicKey: key.publicKey },
    isCutOff: builder === cut!.builder,
  }));
  expect(await directory.ensureAccounts(known)).toEqual({ pushed: 0 });
  expect(await directory.ensureAccounts(known)).toEqual({ pushed: 0 });
});
