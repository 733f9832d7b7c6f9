import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '#libs/contracts';
import { ATTEST_STREAM, DISPATCH_STREAM } from '#libs/contracts';
import { checkDatabase, databaseOptions } from '#libs/persistence';
import { CoordinatorClient, eventually } from '#libs/testing';
import { ed25519Verifier, parseVkey } from '#libs/tlog';
import { startHandStack, type HandStack } from './hand-stack.js';
import { commitOf, playRound, variantsOf, verdictsOf } from './rolling/played-rounds.js';
import { Replicas } from './rolling/replicas.js';

const ROUNDS = 50;
const RESTARTS = 4;

let stack: HandStack;
let replicas: Replicas;
let database: pg.Client;
/** What a run that nothing disturbs says of each kind of round. */
let calm: Report['artifacts'][];
let runs = 0;
let played = 0;

beforeAll(async () => {
  stack = await startHandStack({ operators: ['operator-1', 'operator-2', 'operator-3'] });
  const first = stack.coordinator;
  replicas = new Replicas(stack, first, await stack.start());
  database = new pg.Client({ connectionString: stack.databaseUrl });
  await database.connect();
  calm = await run(4, () => Promise.resolve());
});
afterAll(async () => {
  await database.end();
  await stack.close();
});

/**
 * Opens rounds, and plays each once as many disturbances have begun as its turn says: so some are open,
 * some are committed to and some are shown at each of them. Gives what is said of each.
 */
async function run(
  rounds: number,
  disturb: () => Promise<void>,
  begun: () => number = () => 0,
  turns = 1,
): Promise<Report['artifacts'][]> {
  runs += 1;
  const ids: string[] = [];
  for (let at = 0; at < rounds; at += 1) {
    const api = new CoordinatorClient(await replicas.ready());
    ids.push(await api.open({ commit: commitOf(runs, at) }));
  }
  const before = begun();
  await Promise.all([
    disturb(),
    ...ids.map(async (round, at) => {
      const turn = Math.floor((at * turns) / rounds);
      await eventually(
        'its turn',
        () => begun() - before,
        (count) => count >= turn,
      );
      await playRound(stack.builders, round, variantsOf(at));
    }),
  ]);
  played += rounds;
  const url = await replicas.ready();
  const said = await Promise.all(ids.map((round) => verdictsOf(url, round)));
  for (const round of ids) expect([round, await tally(round)]).toEqual([round, ONCE]);
  return said;
}

const ONCE = { 'round-open': 1, commit: 3, 'round-close': 1, result: 3, verdict: 1 };

/** How often each kind of entry stands in the log for a round. */
async function tally(round: string): Promise<Record<string, number>> {
  const { rows } = await database.query<{ kind: string; count: string }>(
    'SELECT "kind", count(*) FROM "log_entry" WHERE "round" = $1 GROUP BY "kind"',
    [round],
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, Number(count)]));
}

function asCalm(said: readonly Report['artifacts'][]): readonly Report['artifacts'][] {
  return said.map((_, at) => calm[at % calm.length]!);
}

test(`two replicas under a rolling restart with ${ROUNDS} rounds in flight lose nothing, double nothing, and say what a calm run says`, async () => {
  const restart = async (): Promise<void> => {
    for (let done = 0; done < RESTARTS; done += 1) await replicas.replaceOne('stop');
  };
  const said = await run(ROUNDS, restart, () => replicas.ended, RESTARTS);
  expect(said).toEqual(asCalm(said));
  const kinds = calm.map((artifacts) => artifacts[0]?.verdict);
  expect(kinds).toEqual(['reproduced', 'reproduced', 'split', 'contradicted']);
});

test('nor do they when each in turn is killed', async () => {
  const kill = async (): Promise<void> => {
    for (let done = 0; done < 3; done += 1) await replicas.replaceOne('kill');
  };
  const said = await run(20, kill, () => replicas.ended, 3);
  expect(said).toEqual(asCalm(said));
});

test('nor when the database ends all connections, and JetStream forgets everything', async () => {
  let cuts = 0;
  const nats = await connect({ servers: stack.natsUrl });
  const { streams } = await jetstreamManager(nats);
  const names = [DISPATCH_STREAM.name, ATTEST_STREAM.name];
  const cut = async (): Promise<void> => {
    for (let done = 0; done < 4; done += 1) {
      cuts += 1;
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'repro-quorum' AND pid <> pg_backend_pid()`,
      );
      if (done % 2 === 0) continue;
      for (const name of names) await streams.delete(name);
      for (const name of names) await eventually('a stream made anew', () => streams.info(name));
      for (const builder of stack.builders) {
        await eventually('a stream to listen to', () => builder.listen().then(() => true));
      }
    }
  };
  const said = await run(20, cut, () => cuts, 4);
  await nats.close();
  expect(said).toEqual(asCalm(said));
});

test('and all that was logged meanwhile is sound', async () => {
  const source = await new DataSource(databaseOptions(stack.databaseUrl)).initialize();
  const { name: origin, publicKey } = parseVkey(stack.vkey);
  const verifier = ed25519Verifier(origin, publicKey);
  const check = await source.transaction('REPEATABLE READ', (manager) =>
    checkDatabase(manager, { origin, publicKey, verifier }),
  );
  const unsent = await source.query<unknown[]>('SELECT 1 FROM "outgoing" WHERE "sent_at" IS NULL');
  await source.destroy();
  expect(check).toMatchObject({ finding: null, rounds: played });
  expect(unsent).toEqual([]);
});
