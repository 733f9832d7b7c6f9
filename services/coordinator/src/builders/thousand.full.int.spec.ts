import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { createNativeSigner } from '#libs/attestation';
import { BuilderCredentials, Enrolled, Invite, Ordered } from '#libs/contracts';
import { startPostgres } from '#libs/embedded';
import { connectNats } from '#libs/messaging';
import { BuilderEntity } from '#libs/persistence';
import { readConfig } from '#libs/platform';
import {
  ADMIN_TOKEN,
  connectDatabase,
  CoordinatorClient,
  eventually,
  freshSigner,
  signApplication,
  signEnrolment,
  SPEC_ORIGIN,
  useNatsWithAccounts,
} from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator, type RunningCoordinator } from '../coordinator.js';

const BUILDERS = 1_000;
const AT_ONCE = 16;
const CUT_MS = 2_000;
/** Each takes some 50 ms of a processor here, its own keys and signatures included. */
const ALL_MS = 600_000;

const nats = useNatsWithAccounts();
const running: RunningCoordinator[] = [];
const open: NatsConnection[] = [];
let directory = '';
let postgres: Awaited<ReturnType<typeof startPostgres>>;
let dataSource: DataSource;

async function start(): Promise<CoordinatorClient> {
  const coordinator = await startCoordinator(
    readConfig(Config, {
      DATABASE_URL: postgres.url,
      NATS_URL: nats().url,
      NATS_AUTHORITY_DIR: join(nats().dir, 'authority'),
      SIGNING_KEY_FILE: join(directory, 'key.pem'),
      ROSTER_FILE: join(directory, 'roster.json'),
      ADMIN_TOKEN_FILE: join(directory, 'admin.token'),
      LOG_ORIGIN: SPEC_ORIGIN,
      NNS_URL: 'http://127.0.0.1:9',
      ...{ PORT: '0', LOG_LEVEL: 'silent', ENROLMENTS_PER_HOUR: '100000' },
      ...{ READS_PER_MINUTE: '1000000', CHANGES_PER_MINUTE: '1000000' },
    }),
  );
  running.push(coordinator);
  return new CoordinatorClient(coordinator.url);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'repro-quorum-thousand-'));
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(join(directory, 'key.pem'), pem, { mode: 0o600 });
  await writeFile(join(directory, 'admin.token'), ADMIN_TOKEN, { mode: 0o600 });
  await writeFile(join(directory, 'roster.json'), '{"operators":[]}');
  postgres = await startPostgres({ dataDir: join(directory, 'postgres'), durable: false });
  dataSource = await connectDatabase(postgres.url);
});
afterAll(async () => {
  await Promise.all(open.map((connection) => connection.close()));
  await Promise.all(running.map((coordinator) => coordinator.close()));
  await dataSource.destroy();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A builder that is in, with the seed of its NATS key. */
interface Joined {
  readonly id: string;
  readonly natsSeed: Uint8Array;
}

async function joinByInvite(api: CoordinatorClient): Promise<Joined> {
  const { invite } = Invite.parse(await (await api.post('/v1/invites')).json());
  const natsSeed = new Uint8Array(randomBytes(32));
  const set = {
    attestation: freshSigner(),
    witness: freshSigner(),
    nats: createNativeSigner(natsSeed),
  };
  const enrolment = signEnrolment(freshSigner(), set);
  const application = signApplication(set.attestation, SPEC_ORIGIN);
  const answer = await api.post('/v1/enrolments', { enrolment, application, invite });
  expect(Enrolled.parse(await answer.json()).status).toBe('active');
  return { id: set.attestation.id, natsSeed };
}

/** Signs in as an agent does, and counts how often it loses its connection. */
async function signIn(api: CoordinatorClient, { id, natsSeed }: Joined) {
  const answer = await api.get(`/v1/builders/${id}/credentials`);
  const { jwt, servers } = BuilderCredentials.parse(await answer.json());
  const credentials = { jwt: () => jwt ?? '', seed: natsSeed };
  const connection = await connectNats({ url: servers, name: id, credentials });
  open.push(connection);
  const counted = { connection, disconnections: 0 };
  void (async () => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') counted.disconnections += 1;
    }
  })();
  await connection.flush();
  return counted;
}

test(
  'a thousand builders join one coordinator, and one that is revoked at another goes alone',
  { timeout: ALL_MS },
  async () => {
    const [api, other] = [await start(), await start()];
    const first = await joinByInvite(api);
    const undisturbed = await signIn(api, first);
    const joined: Joined[] = [];
    while (joined.length < BUILDERS - 1) {
      const more = Math.min(AT_ONCE, BUILDERS - 1 - joined.length);
      joined.push(...(await Promise.all(Array.from({ length: more }, () => joinByInvite(api)))));
    }
    const rows = dataSource.getRepository(BuilderEntity);
    expect(await rows.countBy({ status: 'active', isNatsDue: false })).toBe(BUILDERS);
    const [doomed, neighbour] = [joined[500]!, joined[501]!];
    const [cut, beside] = [await signIn(other, doomed), await signIn(api, neighbour)];
    const begun = performance.now();
    const answer = await other.post(`/v1/builders/${doomed.id}/revoke`, { reason: 'lied' });
    expect(Ordered.parse(await answer.json())).toMatchObject({ status: 'revoked' });
    await eventually(
      'the end of its connection',
      () => Promise.resolve(cut.disconnections),
      (count) => count > 0,
    );
    expect(performance.now() - begun).toBeLessThan(CUT_MS);
    const credentials = await api.get(`/v1/builders/${doomed.id}/credentials`);
    expect(await credentials.json()).toMatchObject({ status: 'revoked', jwt: null });
    await Promise.all([undisturbed.connection.flush(), beside.connection.flush()]);
    expect([undisturbed.disconnections, beside.disconnections]).toEqual([0, 0]);
  },
);

test('servers that lost their accounts are told of them again as soon as they are back', async () => {
  const api = await start();
  const { connection } = await signIn(api, await joinByInvite(api));
  await nats().restart((dataDir) => rm(join(dataDir, 'accounts'), { recursive: true }));
  await eventually('its return', async () => {
    await connection.flush();
    return true;
  });
});
