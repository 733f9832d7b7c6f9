import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { BuilderCredentials } from '#libs/contracts';
import { scratchDirectory } from '../agent.fixture.js';
import { signerOf } from '../round.fixture.js';
import { keepCredentials } from './credentials-file.js';
import { CredentialsKeeper } from './credentials-keeper.js';

const builder = signerOf(11).id;
const KEPT: BuilderCredentials = {
  ...{ builder, status: 'active', jwt: null, expiresAt: null },
  servers: ['nats://127.0.0.1:4222'],
};
let asked: number;
let code: number;
let url: string;
let warnings: string[];

beforeEach(async () => {
  [asked, code, warnings] = [0, 503, []];
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(code).end(JSON.stringify(code === 200 ? KEPT : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.spyOn(Logger.prototype, 'warn').mockImplementation((line: string) => {
    warnings.push(line);
  });
  vi.spyOn(Logger.prototype, 'log').mockReturnValue();
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

async function openKept(): Promise<void> {
  const stateDir = await scratchDirectory();
  await keepCredentials(stateDir, KEPT);
  const keeper = await CredentialsKeeper.open({
    ...{ coordinatorUrl: url, builder, stateDir, natsKey: null },
    ...{ signal: new AbortController().signal, say: vi.fn(), onOrder: vi.fn() },
  });
  onTestFinished(() => keeper.close());
}

/** Lets seconds pass, one after the other, and what is asked in each be answered. */
async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a coordinator that is away is asked four times a minute, and said to be away once', async () => {
  await openKept();
  await vi.waitFor(() => {
    expect(warnings).toHaveLength(1);
  });
  await pass(60);
  await vi.waitFor(() => {
    expect(asked).toBe(5);
  });
  expect(warnings).toEqual(['credentials are not renewed yet: it answered 503']);
  code = 404;
  await pass(15);
  await vi.waitFor(() => {
    expect(warnings).toHaveLength(2);
  });
});
