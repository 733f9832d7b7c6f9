import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import { trustAuthorities } from '#libs/messaging';
import type { CommitId } from '#libs/encoding';
import type { Child } from '../stack/child.js';
import { publish } from '../world/publisher.js';
import { startConnectProxy } from './connect-proxy.js';
import { startFirstMachine, type FirstMachine } from './first-machine.js';
import { cannotHaveNetwork, openNetwork, type Network } from './network.js';
import { seatOperator, type Operator } from './operator.js';
import { createAuthority, type PrivateAuthority } from './private-authority.js';
import { startRelay } from './relay.js';

const reason = await cannotHaveNetwork();
const MINUTE_MS = 60_000;
const PROXY_PORT = 3_128;

let dir: string;
let network: Network;
let first: FirstMachine;
let authority: PrivateAuthority;
let commit: CommitId;
const relays: { close(): Promise<void> }[] = [];
const agents: Child[] = [];

beforeAll(async () => {
  if (reason !== null) return;
  dir = await mkdtemp(join(tmpdir(), 'second-machine-'));
  network = await openNetwork();
  authority = await createAuthority(dir, network.addresses);
  const [host = ''] = network.addresses;
  // A token never leaves a machine in clear text: the coordinator is at home, and has a door outside.
  const publicUrl = `http://${host}:3000`;
  const door = { host: '127.0.0.1', port: await freePort(), authority: null, publicUrl };
  first = await startFirstMachine(dir, door);
  relays.push(await startRelay({ host, port: 3_000 }, `http://127.0.0.1:${door.port}`));
  commit = await first.world.icMini.commit({});
  const { icMini, cdnRoots, workDir } = first.world;
  await publish({ icMini, commit, cdnRoots, workDir });
}, 120_000);

afterAll(async () => {
  if (reason !== null) return;
  await Promise.all(agents.map((agent) => agent.stop()));
  await first.close();
  for (const relay of relays) await relay.close();
  await network.close();
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
});

async function freePort(): Promise<number> {
  const relay = await startRelay({ host: '127.0.0.1', port: 0 }, 'http://127.0.0.1:1');
  await relay.close();
  return relay.port;
}

/** Where the world is for the second machine, at an address and a port of its own for each part. */
async function openWorld(
  port: number,
  identity: PrivateAuthority | null,
): Promise<Readonly<Record<string, string>>> {
  const { world } = first;
  const [, git = '', ...cdns] = network.addresses;
  const scheme = identity === null ? 'http' : 'https';
  const base = (host: string): string => `${scheme}://${host}${port === 443 ? '' : `:${port}`}`;
  const targets = [
    [git, world.git.url],
    [cdns[0] ?? '', world.systems.url],
    [cdns[1] ?? '', world.network.url],
  ] as const;
  for (const [host, target] of targets) {
    relays.push(await startRelay({ host, port }, target, identity));
  }
  const cdn = cdns.map(base).join(',');
  return {
    GIT_URL: `${base(git)}/dfinity/ic.git`,
    ...{ CDN_BASES: cdn, ALLOWED_HOSTS: cdn, ERAS_FILE: world.erasFile },
    PUBLICATION_CONSENT: 'yes',
  };
}

/** The eras of ic-mini, whose builds call no engine. */
function eras(): Readonly<Record<string, string>> {
  return { REPRO_QUORUM_ERAS: first.world.erasFile };
}

function ok({ exitCode, stdout, stderr }: Awaited<ReturnType<Operator['type']>>): string {
  if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stdout}\n${stderr}`);
  return stdout;
}

/** Everything that the guide tells an operator and the group to type, from nothing to a running agent. */
async function joinGroup(
  operator: Operator,
  world: Readonly<Record<string, string>>,
  init: readonly string[] = [],
): Promise<{ builder: string; agent: Child }> {
  const at = ['--coordinator', first.url];
  const entry = ok(await operator.type('builder', 'init', '--dir', 'builder', ...init, ...at));
  const { builder } = JSON.parse(entry) as { builder: string };
  await operator.configure(world);
  const config = 'builder/builder-agent.env';
  ok(await operator.type('builder', 'doctor', '--config', config));
  ok(await operator.type('operator', 'init', '--out', 'operator'));
  const who = ['--operator-key', 'operator/operator-key.pem', '--operator-name', 'somebody'];
  ok(await operator.type('builder', 'enroll', '--dir', 'builder', ...who, ...at));
  const agent = operator.run();
  agents.push(agent);
  await agent.line(/applied: waiting for the group’s approval/);
  await first.admin('builder', 'approve', builder, '--yes');
  await agent.line(/is ready/);
  return { builder, agent };
}

describe.skipIf(reason !== null)(`a second machine${reason === null ? '' : `: ${reason}`}`, () => {
  test('comes from nothing to its first signed result by the commands of the guide', async () => {
    onTestFailed(() => tell('one'));
    const operator = await seatOperator(network, join(dir, 'one'), eras());
    const { builder, agent } = await joinGroup(operator, await openWorld(8_080, null));
    const round = await first.openRound(commit, builder);
    await first.firstResult(round, builder);
    ok(await operator.type('builder', 'status', '--dir', 'builder', '--coordinator', first.url));
    await agent.stop();
  });

  describe('with TLS by a private authority, where nothing gets out but to port 443', () => {
    let operator: Operator;
    let builder: string;
    let agent: Child;

    test('does the same', async () => {
      onTestFailed(() => tell('two'));
      const [host = ''] = network.addresses;
      await trustAuthorities(authority.caFile);
      await first.restart({ host, port: 443, authority });
      const world = await openWorld(443, authority);
      await network.allowOnly(443);
      for (const url of [`http://${host}:3000`, `http://${network.addresses[1] ?? ''}:8080`]) {
        expect(await reaches(url)).toBe(false);
      }
      const env = { ...eras(), NODE_EXTRA_CA_CERTS: authority.caFile };
      operator = await seatOperator(network, join(dir, 'two'), env);
      const init = ['--ca-file', authority.caFile];
      ({ builder, agent } = await joinGroup(operator, world, init));
      const round = await first.openRound(commit, builder);
      await first.firstResult(round, builder);
    });

    test('and again, while its link is cut for a minute in the middle', async () => {
      onTestFailed(() => tell('two'));
      const round = await first.openRound(commit, builder);
      await agent.line(new RegExp(`round ${round.slice(0, 12)}: building`));
      await first.awaitState(round, builder, ['building']);
      await network.cut();
      const cutAt = performance.now();
      // It builds on: what it has is on its disk.
      await agent.line(new RegExp(`round ${round.slice(0, 12)}: sealed`));
      await sleep(Math.max(0, MINUTE_MS - (performance.now() - cutAt)));
      await network.mend();
      await first.firstResult(round, builder);
      expect(agent.isRunning).toBe(true);
    });

    test('and once more, where the only way out is a proxy', async () => {
      onTestFailed(() => tell('two'));
      await agent.stop();
      const [host = '', git = ''] = network.addresses;
      const proxy = await startConnectProxy(host, PROXY_PORT);
      relays.push(proxy);
      await network.allowOnly(PROXY_PORT);
      expect(await reaches(`https://${host}/healthz`)).toBe(false);
      // What its disk holds of the source would need no way to it.
      await rm(join(dir, 'two/builder/cache'), { recursive: true });
      agent = operator.run({ HTTPS_PROXY: proxy.url });
      agents.push(agent);
      await agent.line(/is ready/);
      const round = await first.openRound(commit, builder);
      await first.firstResult(round, builder);
      const [systems = '', other = ''] = network.addresses.slice(2);
      for (const way of [host, git, systems, other]) {
        expect(proxy.tunnels).toContain(`${way}:443`);
      }
    });
  });
});

async function reaches(url: string): Promise<boolean> {
  const { file, args } = network.on(['curl', '-sS', '--max-time', '2', '-o', '/dev/null', url]);
  return (await execa(file, args, { reject: false })).exitCode === 0;
}

/** The last words of whoever did not come to the end. */
async function tell(name: string): Promise<void> {
  for (const log of [join(dir, name, 'agent.log'), join(dir, 'up.log')]) {
    const text = await readFile(log, 'utf8').catch(() => '');
    process.stderr.write(`${log}:\n${text.split('\n').slice(-30).join('\n')}\n`);
  }
}
