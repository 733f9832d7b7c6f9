import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditList, CreatedToken } from '#libs/contracts';
import { CoordinatorClient } from '#libs/testing';
import { reproQuorum, type Ended } from '../cli/command-line.js';
import { startHandStack, type HandStack } from '../faults/hand-stack.js';
import { entry } from '../stack/entry.js';

const commit = 'ab'.repeat(20);
let stack: HandStack;
beforeAll(async () => {
  stack = await startHandStack();
});
afterAll(() => stack.close());

/** Runs a command as somebody who has this token, or none. */
async function run(token: string | null, ...args: readonly string[]): Promise<Ended> {
  return reproQuorum(stack.dir, args, {
    REPRO_QUORUM_COORDINATOR: stack.coordinator.url,
    NO_COLOR: '1',
    ...(token !== null && { REPRO_QUORUM_TOKEN: token }),
    // The checkout that the specs run in may have a token of its own.
    REPRO_QUORUM_DATA_DIR: join(stack.dir, 'nowhere'),
  });
}

const atConsole = (...args: readonly string[]): Promise<Ended> =>
  run(null, 'coordinator', 'token', ...args, '--database', stack.databaseUrl);

async function audit(): Promise<AuditList['acts']> {
  const answer = await new CoordinatorClient(stack.coordinator.url).get('/v1/audit?limit=100');
  return AuditList.parse(await answer.json()).acts;
}

describe('somebody who wants to open a round', () => {
  let token = '';

  test('is told without a token how to come by one', async () => {
    const refused = await run(null, 'round', 'open', '--commit', commit);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('token-required');
    expect(refused.stderr).toContain('coordinator token create');
    expect(refused.stderr).toContain('REPRO_QUORUM_TOKEN');
  });

  test('gets one at the console, alone on stdout, and may do by it what its scopes say', async () => {
    const made = await atConsole('create', '--scope', 'rounds', '--label', 'alice');
    expect(made.exitCode).toBe(0);
    token = made.stdout.trim();
    expect(made.stdout).toMatch(/^rqt_[0-9a-f]{12}_[0-9a-f]{64}\n$/);
    expect(made.stderr).not.toContain(token);
    expect((await run(token, 'round', 'open', '--commit', commit)).exitCode).toBe(0);
    const more = await run(token, 'coordinator', 'token', 'list');
    expect(more).toMatchObject({ exitCode: 2 });
    expect(more.stderr).toContain('has no scope admin');
  });

  test('is in the public list with what the console did, and the token is in none', async () => {
    const acts = await audit();
    expect(acts.map(({ act, actor }) => `${actor.kind} ${act}`)).toEqual([
      'console token-create',
      'token round-open',
    ]);
    const log = await readFile(join(stack.dir, 'coordinator.log'), 'utf8');
    for (const text of [JSON.stringify(acts), log]) expect(text).not.toContain(token.slice(17));
  });

  test('has it made for somebody else over HTTP, within what one has', async () => {
    const admin = await atConsole(
      'create',
      '--scope',
      'admin,rounds',
      '--label',
      'group',
      '--json',
    );
    const { token: adminToken } = CreatedToken.parse(JSON.parse(admin.stdout));
    const own = ['coordinator', 'token', 'create', '--label', 'ci', '--days', '3'];
    const made = await run(adminToken, ...own, '--scope', 'rounds');
    expect(made.exitCode).toBe(0);
    const refused = await run(adminToken, ...own, '--scope', 'rounds', 'keys');
    expect(refused.stderr).toContain('scope-not-held');
    const listed = await run(adminToken, 'coordinator', 'token', 'list');
    expect(listed.stdout.trimEnd().split('\n')).toHaveLength(4);
    expect(listed.stdout).not.toMatch(/rqt_/);
  });

  test('is stopped at once when it is revoked, at the console too', async () => {
    const revoked = await atConsole('revoke', token.slice(4, 16));
    expect(revoked.exitCode).toBe(0);
    const refused = await run(token, 'round', 'open', '--commit', commit);
    expect(refused).toMatchObject({ exitCode: 2 });
    expect(refused.stderr).toContain('token-revoked');
    expect(await atConsole('revoke', '000000000000')).toMatchObject({ exitCode: 2 });
  });

  test('may have it written at the console into a file that the command line takes', async () => {
    const file = join(stack.dir, 'alice.token');
    const made = await atConsole('create', '--scope', 'admin', '--label', 'alice', '--out', file);
    expect([made.exitCode, made.stdout]).toEqual([0, '']);
    const listed = await run(null, 'coordinator', 'token', 'list', '--token-file', file);
    expect([listed.exitCode, listed.stderr]).toEqual([0, '']);
  });

  test('gets none that a full disk would lose: it is not made', async () => {
    const before = await atConsole('list');
    const script = `"$0" "$@" > /dev/full`;
    const args = ['coordinator', 'token', 'create', '--scope', 'admin', '--label', 'lost'];
    const console = [entry('cli'), ...args, '--database', stack.databaseUrl];
    const ended = await execa('bash', ['-c', script, process.execPath, ...console], {
      reject: false,
    });
    expect([ended.exitCode, ended.stderr]).toEqual([
      2,
      expect.stringMatching(/^token: the token cannot be told, so none was made: ENOSPC: .*$/),
    ]);
    expect((await atConsole('list')).stdout).toBe(before.stdout);
  });

  test('finds the log sound, with all of that in it', async () => {
    const checked = await run(null, 'fsck', '--database', stack.databaseUrl, '--vkey', stack.vkey);
    expect([checked.exitCode, checked.stdout.startsWith('sound:')]).toEqual([0, true]);
  });
});
