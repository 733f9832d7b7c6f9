import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireLock, tryLock, withLock } from './cross-process-lock.js';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'lock-'));
  file = join(dir, 'x.lock');
});
afterEach(async () => rm(dir, { recursive: true }));

const refusal = (code: string) => expect.objectContaining({ name: 'IcosError', code }) as Error;

/** Another process that holds the lock until it is killed. */
async function holder(mode: 'shared' | 'exclusive') {
  const child = spawn('flock', [`--${mode}`, '--no-fork', file, 'cat'], { stdio: 'pipe' });
  child.stdin.write('held\n');
  await once(child.stdout, 'data');
  return child;
}

describe('a lock', () => {
  test('that is shared excludes an exclusive one, and no other shared one', async () => {
    const one = await acquireLock(file, 'shared');
    const two = await tryLock(file, 'shared');
    expect(two).not.toBeNull();
    expect(await tryLock(file, 'exclusive')).toBeNull();
    one.release();
    expect(await tryLock(file, 'exclusive')).toBeNull();
    two?.release();
    const three = await tryLock(file, 'exclusive');
    expect(three).not.toBeNull();
    expect(await tryLock(file, 'shared')).toBeNull();
    three?.release();
  });

  test('of a process that is killed is free at once', async () => {
    const other = await holder('exclusive');
    expect(await tryLock(file, 'exclusive')).toBeNull();
    const waiting = acquireLock(file, 'exclusive');
    other.kill('SIGKILL');
    (await waiting).release();
  });

  test('gives one turn after the other', async () => {
    const signal = new AbortController().signal;
    let inside = 0;
    const turn = async () =>
      withLock(file, signal, async () => {
        inside += 1;
        await new Promise(setImmediate);
        expect(inside).toBe(1);
        inside -= 1;
      });
    await Promise.all([turn(), turn(), turn()]);
  });

  test('that is waited for no longer is not held afterwards', async () => {
    const other = await holder('shared');
    const stop = new AbortController();
    const waiting = acquireLock(file, 'exclusive', stop.signal);
    stop.abort();
    await expect(waiting).rejects.toThrow(refusal('INTERRUPTED'));
    other.kill('SIGKILL');
    await once(other, 'exit');
    (await acquireLock(file, 'exclusive')).release();
  });

  test('in a folder that is not there says so', async () => {
    await expect(acquireLock(join(dir, 'no', 'x.lock'), 'shared')).rejects.toThrow(
      refusal('NOT_STARTED'),
    );
  });
});
