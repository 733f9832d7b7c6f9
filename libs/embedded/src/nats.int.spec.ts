import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { startNats } from './index.js';
import { scratchDirectory, stopping } from './scratch.fixture.js';

async function start(dataDir: string, extraConfig = '') {
  return stopping(await startNats({ dataDir, extraConfig }));
}

test('a second start finds the messages of the first', async () => {
  const dataDir = join(await scratchDirectory(), 'nats');
  const first = await start(dataDir);
  const before = await connect({ servers: first.url });
  const manager = await jetstreamManager(before);
  await manager.streams.add({ name: 'KEPT', subjects: ['kept.>'] });
  await jetstream(before).publish('kept.one', 'hello');
  await before.close();
  await first.stop();
  await first.stop();
  const second = await start(dataDir);
  const after = await connect({ servers: second.url });
  const info = await (await jetstreamManager(after)).streams.info('KEPT');
  expect(info.state.messages).toBe(1);
  await after.close();
});

test('it tells its version, and whether it can write through', async () => {
  const server = await start(join(await scratchDirectory(), 'nats'));
  const told = (await (await fetch(`${server.monitorUrl}/varz`)).json()) as { version: string };
  expect(server.version).toBe(told.version);
  const [major = 0, minor = 0] = server.version.split('.').map(Number);
  expect(server.writesThrough).toBe(major > 2 || minor >= 10);
});

test('further lines of configuration hold, and others cannot read them', async () => {
  const dataDir = join(await scratchDirectory(), 'nats');
  const server = await start(dataDir, 'authorization { user: me, password: "secret" }');
  await expect(connect({ servers: server.url })).rejects.toThrow(/authorization/i);
  const mine = await connect({ servers: server.url, user: 'me', pass: 'secret' });
  await mine.close();
  expect((await stat(join(dataDir, 'nats.conf'))).mode & 0o777).toBe(0o600);
});

test('a configuration that the server does not take is told in its own words', async () => {
  const dataDir = join(await scratchDirectory(), 'nats');
  await expect(start(dataDir, 'no_such_option: 1')).rejects.toThrow(/no_such_option/);
});

test('two servers never share a store', async () => {
  const dataDir = join(await scratchDirectory(), 'nats');
  await start(dataDir);
  await expect(start(dataDir)).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
});

test('a machine without nats-server is told how to get it', async () => {
  const dataDir = await scratchDirectory();
  await expect(startNats({ dataDir, programDirectories: [dataDir] })).rejects.toMatchObject({
    code: 'NOT_INSTALLED',
    message: 'nats-server is not installed: run "./run setup", or "apt-get install nats-server"',
  });
});
