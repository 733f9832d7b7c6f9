import { createPrivateKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Logger } from '@nestjs/common';
import type { AgentOrder, BuilderStatus } from '#libs/contracts';
import { SUBJECTS, subjectFor } from '#libs/contracts';
import { makeNatsKey, useNatsWithAccounts } from '#libs/testing';
import { configBelow, scratchDirectory } from '../agent.fixture.js';
import { signerOf } from '../round.fixture.js';
import { NotWanted } from './credentials-keeper.js';
import { openConnection, type Connection } from './open-connection.js';

const nats = useNatsWithAccounts();
const builder = signerOf(11);
/** The one that the coordinator has of the builder. */
let key = makeNatsKey();
const PATIENCE = { timeout: 20_000, interval: 50 };
let coordinator: NatsConnection;

beforeAll(async () => {
  Logger.overrideLogger(false);
  coordinator = await nats().coordinator();
  const directory = await nats().directory();
  await directory.admitBuilder({ builder: builder.id, natsPublicKey: key.publicKey });
});

/** What the coordinator's HTTP API says of the builder, from one question to the next. */
interface Desk {
  status: BuilderStatus | null;
  lifeSeconds: number;
  asked: number;
}

let dir: string;
let desk: Desk;
let server: Server;
let url: string;
beforeEach(async () => {
  dir = await scratchDirectory();
  await writeFile(join(dir, 'nats-key.pem'), pemOf(key.seed), { mode: 0o600 });
  desk = { status: 'active', lifeSeconds: 3_600, asked: 0 };
  server = createServer((request, response) => {
    desk.asked += 1;
    const isCredentials = request.url?.endsWith('/credentials') === true;
    const [code, body] = isCredentials ? credentials() : view();
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

/** Source: RFC 8410, section 7 */
function pemOf(seed: Uint8Array): string {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([head, seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function credentials(): readonly [number, object] {
  const { status, lifeSeconds } = desk;
  const problem = { type: 'x', title: 'x', detail: `it is ${status ?? 'unknown'}` };
  if (status === null) return [404, { ...problem, status: 404 }];
  if (status !== 'active') return [403, { ...problem, status: 403 }];
  const expiresAt = new Date(Math.ceil(Date.now() / 1000 + lifeSeconds) * 1000);
  const { authority } = nats();
  const natsPublicKey = key.publicKey;
  const jwt = authority.userJwtFor({ builder: builder.id, natsPublicKey, expiresAt });
  const servers = [nats().url];
  return [
    200,
    { ...{ builder: builder.id, status, jwt, servers }, expiresAt: expiresAt.toISOString() },
  ];
}

/** As much of it as says how the builder stands. */
function view(): readonly [number, object] {
  return [200, { builder: builder.id, status: desk.status }];
}

async function open(said: string[] = [], orders: AgentOrder[] = []): Promise<Connection> {
  const config = {
    ...configBelow(dir),
    ...{ NATS_URL: undefined, COORDINATOR_URL: url, NATS_KEY_FILE: join(dir, 'nats-key.pem') },
  };
  const connection = await openConnection({
    ...{ config, signer: builder, signal: AbortSignal.timeout(60_000) },
    say: (line) => said.push(line),
    onOrder: (order) => orders.push(order),
  });
  onTestFinished(() => connection.close());
  return connection;
}

/** Does something with an agent's connection once NATS has cut it off; lets the builder in afterwards. */
async function cutOff(
  act: (connection: NatsConnection) => Promise<void>,
  orders: AgentOrder[] = [],
): Promise<void> {
  const directory = await nats().directory();
  const { nats: connection } = await open([], orders);
  await directory.cutOff(builder.id);
  try {
    await act(connection);
  } finally {
    await directory.admitBuilder({ builder: builder.id, natsPublicKey: key.publicKey });
  }
}

describe('an agent', () => {
  test('waits for its coordinator’s approval, says so once, and signs in', async () => {
    desk.status = 'applied';
    const said: string[] = [];
    const opening = open(said);
    await vi.waitFor(() => {
      expect(said).toEqual(['applied: waiting for the group’s approval']);
    }, PATIENCE);
    desk.status = 'active';
    const { nats: connection, apiPrefix } = await opening;
    expect(apiPrefix).toBe('CO.API');
    const told = coordinator.subscribe(subjectFor(SUBJECTS.progress, builder.id), { max: 1 });
    await coordinator.flush();
    connection.publish(subjectFor(SUBJECTS.progress, builder.id), 'here');
    for await (const message of told) expect(message.string()).toBe('here');
    expect(said.at(-1)).toContain('connecting to');
  });

  test.each(['retired', 'revoked'] as const)('that is %s is told, and ends', async (status) => {
    desk.status = status;
    await expect(open()).rejects.toThrow(NotWanted);
  });

  test('starts again without its coordinator’s HTTP: credentials are on its disk', async () => {
    await (await open()).close();
    const { asked } = desk;
    server.close();
    server.closeAllConnections();
    const { nats: connection } = await open();
    await connection.flush();
    expect(desk.asked).toBe(asked);
  });

  test('renews what ends, and loses nothing that it says at that time', async () => {
    desk.lifeSeconds = 3;
    const heard: number[] = [];
    coordinator.subscribe(subjectFor(SUBJECTS.progress, builder.id), {
      callback: (_, message) => {
        heard.push(Number(message.string()));
      },
    });
    await coordinator.flush();
    const { nats: connection } = await open();
    const reconnects: string[] = [];
    void (async () => {
      for await (const { type } of connection.status()) reconnects.push(type);
    })();
    let sent = 0;
    const sending = setInterval(() => {
      connection.publish(subjectFor(SUBJECTS.progress, builder.id), `${sent}`);
      sent += 1;
    }, 20);
    onTestFinished(() => {
      clearInterval(sending);
    });
    // The server ends it when its first JWT does; with the second it is back.
    await vi.waitFor(() => {
      expect(reconnects).toContain('reconnect');
    }, PATIENCE);
    expect(desk.asked).toBeGreaterThan(1);
    const before = sent;
    await vi.waitFor(() => {
      expect(heard).toContain(before + 20);
    }, PATIENCE);
    clearInterval(sending);
    const lost = before + 20 - new Set(heard.filter((number) => number < before + 20)).size;
    expect(lost).toBeLessThanOrEqual(1);
  });

  test('that was revoked while it was away is told, and ends: what it kept lets it in no more', async () => {
    await cutOff(async (connection) => {
      await connection.close();
      desk.status = 'revoked';
      await expect(open()).rejects.toThrow('revoked, for ever');
    });
  });

  test.each(['retired', 'revoked'] as const)(
    'that is %s while it runs hears it as soon as NATS lets it in no more',
    async (status) => {
      const orders: AgentOrder[] = [];
      await cutOff(async () => {
        desk.status = status;
        await vi.waitFor(() => {
          expect(orders.at(-1)).toBe('stop');
        }, PATIENCE);
      }, orders);
    },
  );

  test('whose keys were rotated is told so, and waits for those of the coordinator', async () => {
    const own = key;
    key = makeNatsKey();
    try {
      const said: string[] = [];
      const opening = open(said);
      await vi.waitFor(() => {
        expect(said.at(-1)).toContain(
          'another NATS key of this builder than that of NATS_KEY_FILE',
        );
      }, PATIENCE);
      key = own;
      await opening;
    } finally {
      key = own;
    }
  });

  test('hears how it stands when it renews, and keeps what it holds', async () => {
    desk.lifeSeconds = 3;
    const orders: AgentOrder[] = [];
    const { nats: connection } = await open([], orders);
    desk.status = 'revoked';
    await vi.waitFor(() => {
      expect(orders.at(-1)).toBe('stop');
    }, PATIENCE);
    expect(connection.isClosed()).toBe(false);
  });
});
