import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RoundList } from '#libs/contracts';
import { five } from '../scenarios/parts.js';
import { cli } from '../stack/cli.js';
import { startStack, type Stack } from '../stack/stack.js';
import { ASKING } from '../stack/token.js';
import type { ProposalSpec } from '../world/nns/index.js';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const ELECTION = {
  commit: COMMIT,
  sha256: 'a'.repeat(64),
  urls: [`https://download.dfinity.systems/ic/${COMMIT}/guest-os/update-img/update-img.tar.zst`],
};

let stack: Stack;
beforeAll(async () => {
  stack = await startStack(() => five());
});
afterAll(() => stack.close());
beforeEach(() => {
  stack.world.nns.setFault(null);
});

async function rounds(): Promise<RoundList> {
  return RoundList.parse(await (await fetch(`${stack.coordinator.url}/v1/rounds`)).json());
}

async function post(body: unknown): Promise<{ status: number; type: string; detail: string }> {
  const response = await fetch(`${stack.coordinator.url}/v1/rounds`, {
    method: 'POST',
    headers: ASKING,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = (await response.json()) as { type: string; detail: string };
  return { status: response.status, type: problem.type.split('/').at(-1)!, detail: problem.detail };
}

describe('what cannot become a round is refused with its reason, and leaves no trace', () => {
  const motion: ProposalSpec = { kind: 'motion', text: 'elect me' };
  const upgrade: ProposalSpec = {
    kind: 'upgrade-canister',
    canisterId: 'rwlgt-iiaaa-aaaaa-aaaaa-cai',
  };
  const retire: ProposalSpec = { kind: 'raw', nnsFunction: 36, payload: new Uint8Array([1]) };
  const election: ProposalSpec = { kind: 'elect-guestos', ...ELECTION };
  const malformed: ProposalSpec = { ...election, commit: '--upload-pack=x' };

  test.for([
    ['an unknown proposal', null, null, 404, 'no-such-proposal', 2],
    ['a proposal that executes no NNS function', motion, null, 422, 'not-an-election', 2],
    ['a proposal that upgrades a canister', upgrade, null, 422, 'not-an-election', 2],
    ['a proposal for another NNS function', retire, null, 422, 'not-ic-os', 2],
    ['a proposal whose commit is none', malformed, null, 422, 'malformed-payload', 2],
    ['an answer without a certificate', election, 'no-certificate', 502, 'uncertified', 4],
    ['an answer with a bad signature', election, 'bad-signature', 502, 'uncertified', 4],
    ['an answer certified by a stranger', election, 'wrong-root', 502, 'uncertified', 4],
    ['an answer that is old', election, 'outdated', 502, 'certificate-outdated', 4],
    ['a replica that does not answer', election, 'unreachable', 502, 'unreachable', 3],
    ['a call that is rejected', election, 'reject', 502, 'rejected', 3],
  ] as const)('%s', { timeout: 120_000 }, async ([, spec, fault, status, type, exitCode]) => {
    const proposal = spec === null ? '999999' : stack.world.nns.propose(spec).toString();
    stack.world.nns.setFault(fault);
    expect(await post({ proposal })).toMatchObject({ status, type });
    const run = await cli(stack, 'round', 'open', proposal);
    expect(run).toMatchObject({ exitCode, stdout: '' });
    expect(run.stderr).toContain(`${type}: `);
    expect(await rounds()).toEqual({ rounds: [], next: null });
    const checkpoint = await fetch(`${stack.coordinator.url}/v1/log/checkpoint`);
    expect(checkpoint.status).toBe(404);
  });

  test('an unreachable replica is not told as an attack', { timeout: 60_000 }, async () => {
    stack.world.nns.setFault('unreachable');
    const { detail } = await post({ proposal: '1' });
    expect(detail).not.toMatch(/signature|forged|attack|trust/i);
  });
});

describe('a malformed request is refused before anything is asked', () => {
  test.for([
    ['a commit that is a ref', { commit: 'HEAD' }],
    ['a commit that is an option', { commit: '--upload-pack=touch /tmp/x' }],
    ['a short commit', { commit: 'abc123' }],
    ['a commit with a newline', { commit: `${COMMIT}\n` }],
    ['proposal and commit', { proposal: '1', commit: COMMIT }],
    ['neither of them', {}],
    ['a proposal that is no number', { proposal: '1; DROP TABLE round' }],
    ['an unknown field', { commit: COMMIT, force: true }],
    ['a threshold that is none', { commit: COMMIT, threshold: 'most' }],
    ['a deadline of nothing', { commit: COMMIT, deadlineSeconds: 0 }],
    ['something that is not JSON', '{"commit":'],
  ] as const)('%s', async ([, body]) => {
    const { status } = await post(body);
    expect(status).toBe(400);
    expect((await rounds()).rounds).toEqual([]);
  });

  test.for([
    [{ commit: COMMIT, threshold: '2' }, 'threshold-too-low'],
    [{ commit: COMMIT, threshold: '1/5' }, 'threshold-too-low'],
    [{ commit: COMMIT, threshold: '6' }, 'threshold-out-of-reach'],
    [{ commit: COMMIT, builders: ['nobody-here'] }, 'unknown-builder'],
  ] as const)('%j is %s', async ([body, type]) => {
    expect(await post(body)).toMatchObject({ status: 422, type });
    expect((await rounds()).rounds).toEqual([]);
  });

  test.for([
    ['v1/rounds', 'application/x-www-form-urlencoded', `commit=${COMMIT}`],
    ['v1/rounds', 'text/plain', JSON.stringify({ commit: COMMIT })],
    [`v1/rounds/${'a'.repeat(64)}/close`, undefined, undefined],
  ] as const)('what a page in a browser could post to %s as %s', async ([path, type, body]) => {
    const response = await fetch(`${stack.coordinator.url}/${path}`, {
      method: 'POST',
      headers: type === undefined ? {} : { 'content-type': type },
      ...(body !== undefined && { body }),
    });
    expect(response.status).toBe(415);
    expect((await rounds()).rounds).toEqual([]);
  });

  test('the command line says so itself, with the next command to type', async () => {
    const malformed = await cli(stack, 'round', 'open', '--commit', 'HEAD');
    expect(malformed).toMatchObject({ exitCode: 2, stdout: '' });
    expect(malformed.stderr).toContain('40 lower-case hexadecimal characters');
    const nothing = await cli(stack, 'round', 'open');
    expect(nothing.exitCode).toBe(2);
    expect(nothing.stderr).toContain('round open 138000');
    const missing = await cli(stack, 'report', COMMIT);
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toContain(`round open --commit ${COMMIT}`);
    const nobody = await cli(
      { coordinator: { ...stack.coordinator, url: 'http://127.0.0.1:1' } },
      ...['round', 'list'],
    );
    expect(nobody).toMatchObject({ exitCode: 2, stdout: '' });
    expect(nobody.stderr).toContain('./run up');
  });
});

test('a payload that the listing blanks is found by its id and read whole', async () => {
  const measurements = Array.from({ length: 4 }, (_, at) => ({
    kernelCmdline: `root=/dev/disk/by-partuuid/${'7c0a626e'.repeat(30)} slot=${at}`,
    measurement: 'ab'.repeat(48),
  }));
  const id = stack.world.nns.propose({ kind: 'elect-guestos', ...ELECTION, measurements });
  expect(stack.world.nns.payloadOf(id)!.length).toBeGreaterThan(1000);
  const watching = { WATCH_PROPOSALS: 'true', WATCH_INTERVAL_SECONDS: '0.2' };
  const watcher = await stack.startCoordinator('watcher', watching);
  let opened: RoundList['rounds'] = [];
  while (!opened.some(({ proposal }) => proposal === id.toString())) {
    await sleep(100);
    opened = (await rounds()).rounds;
  }
  // The malformed one among the open proposals is passed over and hides nothing.
  expect(opened.every(({ release }) => release === `ic/${COMMIT}`)).toBe(true);
  await watcher.stop();
});
