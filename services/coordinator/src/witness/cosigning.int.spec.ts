import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSigner } from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { settleLog, unsettleLog, WitnessedLogEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import { CoordinatorClient, useQuorum } from '#libs/testing';
import {
  appendLeaves,
  buildConsistencyProof,
  cosignatureVerifier,
  ed25519Signer,
  ed25519Verifier,
  EMPTY_FRONTIER,
  formatAddCheckpoint,
  formatCheckpoint,
  formatVkey,
  hashLeaf,
  openCheckpoint,
  parseCosignerVkey,
  rootOf,
  signNote,
  verifyCosignature,
  type NoteVerifier,
} from '#libs/tlog';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const origin = 'other.example/log';
const logKey = createSigner(new Uint8Array(32).fill(77));
const logSigner = ed25519Signer(origin, logKey.publicKey, (text) => logKey.sign(text));
const quorum = useQuorum({
  start: async (environment) => {
    const keyFile = join(dirname(environment['SIGNING_KEY_FILE'] ?? ''), 'witness.pem');
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeFile(keyFile, pem, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
      // A second coordinator has the key of the first.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    const WITNESSED_LOGS = formatVkey(origin, logKey.publicKey);
    return startCoordinator(
      readConfig(Config, { ...environment, WITNESS_KEY_FILE: keyFile, WITNESSED_LOGS }),
    );
  },
  operators: { acme: 1 },
});

/** A tree of which only the first three leaves are shared with the other fork. */
function treeOf(fork: string) {
  const leaves = Array.from({ length: 40 }, (_, at) => {
    return hashLeaf(Buffer.from(`${at < 3 ? 'shared' : fork} ${at}`));
  });
  const nodes = new Map(
    appendLeaves(EMPTY_FRONTIER, leaves).nodes.map(({ level, index, hash }) => [
      `${level}/${String(index)}`,
      hash,
    ]),
  );
  const text = (size: number): string =>
    formatCheckpoint({ origin, size: BigInt(size), root: rootOf(leaves.slice(0, size)) });
  const body = (from: number, to: number): string =>
    formatAddCheckpoint({
      oldSize: BigInt(from),
      proof:
        from === 0 || from > to
          ? []
          : buildConsistencyProof(BigInt(from), BigInt(to), ({ level, index }) =>
              nodes.get(`${level}/${String(index)}`),
            ),
      checkpoint: signNote(text(to), [logSigner]),
    });
  return { text, body };
}
const [tree, fork] = [treeOf('a'), treeOf('b')];

function ask(body: string, { url } = quorum().api, type?: string): Promise<Response> {
  return fetch(`${url}/v1/witness/add-checkpoint`, {
    method: 'POST',
    headers: type === undefined ? {} : { 'content-type': type },
    body: type === undefined ? Buffer.from(body) : body,
  });
}
async function verifier(): Promise<NoteVerifier> {
  const vkey = await (await quorum().api.get('/v1/witness/key')).text();
  const { name, publicKey } = parseCosignerVkey(vkey.trim());
  expect(name).toBe('log.example/spec/witness');
  return cosignatureVerifier(name, publicKey);
}
const stored = (): Promise<WitnessedLogEntity | null> =>
  quorum().dataSource.getRepository(WitnessedLogEntity).findOneBy({ origin });

beforeEach(() => quorum().dataSource.getRepository(WitnessedLogEntity).clear());

describe('the witness that a coordinator is to other logs', () => {
  test('cosigns the first checkpoint and every one that grew from it, and serves the newest', async () => {
    for (const [from, to] of [
      [0, 3],
      [3, 7],
      [7, 7],
      [7, 20],
    ] as const) {
      const response = await ask(tree.body(from, to));
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'text/plain; charset=utf-8',
      ]);
      verifyCosignature(tree.text(to), await response.text(), await verifier());
      expect(await stored()).toMatchObject({ size: BigInt(to) });
    }
    const path = `/v1/witness/${sha256(origin)}/checkpoint`;
    const note = await (await quorum().api.get(path)).text();
    const keys = [ed25519Verifier(origin, logKey.publicKey), await verifier()];
    const { verified, checkpoint } = openCheckpoint(note, keys, origin);
    expect(verified).toHaveLength(2);
    expect(checkpoint.size).toBe(20n);
  });

  test.each<[string, string, number]>([
    ['a request that is none', 'old\n', 400],
    ['nothing', '', 400],
    ['a log that shrinks', tree.body(5, 3), 400],
    ['a log that it does not know', tree.body(3, 7).replaceAll(origin, 'third.example'), 404],
    ['a checkpoint that the log did not sign', tree.body(3, 7).replace('\n7\n', '\n8\n'), 403],
    ['a fork', fork.body(3, 7).replace(/(?<=^old 3\n)[^]*?(?=\n\n)/, 'A'.repeat(43) + '='), 422],
    ['a request far beyond any note', 'x'.repeat(600_000), 400],
  ])('refuses %s', async (_, body, status) => {
    await ask(tree.body(0, 3));
    const response = await ask(body);
    expect(response.status).toBe(status);
    expect(await stored()).toMatchObject({ size: 3n });
  });

  test('cosigns nothing in a database that was brought back, which has forgotten what was cosigned', async () => {
    await ask(tree.body(0, 3));
    await quorum().stopAll();
    await quorum().dataSource.transaction(unsettleLog);
    const moved = new CoordinatorClient((await quorum().start()).url);
    const response = await ask(fork.body(3, 7), moved);
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringContaining('brought back from a backup or moved'),
    ]);
    expect((await moved.get(`/v1/witness/${sha256(origin)}/checkpoint`)).status).toBe(404);
    expect(await stored()).toMatchObject({ size: 3n });
    await quorum().stopAll();
    await quorum().dataSource.transaction(settleLog);
    quorum().api = new CoordinatorClient((await quorum().start()).url);
  });

  test('refuses another root at its own size, and a fork of what it has seen, with 422', async () => {
    await ask(tree.body(0, 7));
    expect((await ask(fork.body(7, 7))).status).toBe(422);
    expect((await ask(fork.body(7, 20))).status).toBe(422);
    expect(await stored()).toMatchObject({ size: 7n });
  });

  test('says which size it has where it is asked from another', async () => {
    await ask(tree.body(0, 7));
    for (const from of [0, 3]) {
      const response = await ask(tree.body(from, 20));
      expect(response.status).toBe(409);
      expect(response.headers.get('content-type')).toBe('text/x.tlog.size');
      expect(await response.text()).toBe('7\n');
    }
  });

  test.each(['text/plain', 'application/octet-stream', 'text/plain; charset=utf-8'])(
    'takes a body that is sent as %s',
    async (type) => {
      expect((await ask(tree.body(0, 3), quorum().api, type)).status).toBe(200);
    },
  );

  test('of many requests at once, to two coordinators, cosigns one growing tree', async () => {
    await ask(tree.body(0, 3));
    const second = await quorum().start();
    const other = new CoordinatorClient(second.url);
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        const [from, to] = [3, 4 + at];
        const side = at % 2 === 0 ? tree : fork;
        const response = await ask(side.body(from, to), at % 3 === 0 ? other : quorum().api);
        return { side, to, status: response.status, body: await response.text() };
      }),
    );
    const cosigned = answers.filter(({ status }) => status === 200);
    expect(cosigned).toHaveLength(1);
    const [{ side, to, body }] = cosigned as [(typeof answers)[number]];
    verifyCosignature(side.text(to), body, await verifier());
    expect(await stored()).toMatchObject({ size: BigInt(to) });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    await quorum().stop(second);
  });

  test('that lost its answer on the way gives it again, after a restart too', async () => {
    // As after a crash between the commit and the answer: the state is there, the log got nothing.
    await ask(tree.body(0, 7));
    const second = await quorum().start();
    const restarted = new CoordinatorClient(second.url);
    const conflict = await ask(tree.body(0, 7), restarted);
    expect([conflict.status, await conflict.text()]).toEqual([409, '7\n']);
    const again = await ask(tree.body(7, 7), restarted);
    verifyCosignature(tree.text(7), await again.text(), await verifier());
    await quorum().stop(second);
  });

  test('signs nothing that could not be stored', async () => {
    await ask(tree.body(0, 3));
    const { dataSource } = quorum();
    await dataSource.query(
      `ALTER TABLE "witnessed_log" ADD CONSTRAINT "full" CHECK ("size" < 10) NOT VALID`,
    );
    const response = await ask(tree.body(3, 20));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('—');
    await dataSource.query(`ALTER TABLE "witnessed_log" DROP CONSTRAINT "full"`);
    expect(await stored()).toMatchObject({ size: 3n });
  });

  test('tells that it has cosigned nothing', async () => {
    for (const digest of [sha256(origin), sha256('third.example')]) {
      const problem = await quorum().api.refused('GET', `/v1/witness/${digest}/checkpoint`);
      expect(problem).toMatchObject({ status: 404, code: 'not-witnessed' });
    }
  });
});

test('a coordinator that is no witness says so', async () => {
  const plain = await startCoordinator(readConfig(Config, quorum().environment));
  const api = new CoordinatorClient(plain.url);
  expect((await ask(tree.body(0, 3), api)).status).toBe(404);
  expect(await api.refused('GET', '/v1/witness/key')).toMatchObject({ code: 'not-witnessed' });
  await plain.close();
});
