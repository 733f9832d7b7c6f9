import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findToken } from './find-token.js';

const tokenOf = (digit: string): string => `rqt_${digit.repeat(12)}_${digit.repeat(64)}`;
const local = new URL('http://127.0.0.1:3000/');
const distant = new URL('https://coord.example/');
let dir = '';
let file = '';
let checkout = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'repro-quorum-token-'));
  file = join(dir, 'own.token');
  await writeFile(file, `${tokenOf('1')}\n`, { mode: 0o600 });
  checkout = join(dir, 'checkout');
  await mkdir(join(checkout, 'data'), { recursive: true });
  await writeFile(join(checkout, 'data/admin.token'), tokenOf('3'), { mode: 0o600 });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('an access token', () => {
  test('is the one in the file, then that of the environment, then that of the checkout', async () => {
    const environment = { REPRO_QUORUM_TOKEN: tokenOf('2') };
    const places = { coordinator: local, environment, checkout };
    expect(await findToken({ ...places, tokenFile: file })).toBe(tokenOf('1'));
    expect(await findToken(places)).toBe(tokenOf('2'));
    expect(await findToken({ ...places, environment: {} })).toBe(tokenOf('3'));
    expect(await findToken({ ...places, environment: {}, checkout: null })).toBeNull();
  });

  test('of the checkout goes to no other machine', async () => {
    expect(await findToken({ coordinator: distant, environment: {}, checkout })).toBeNull();
  });

  test('never travels in clear text, except on this machine', async () => {
    const places = { environment: {}, checkout, tokenFile: file };
    const open = new URL('http://coord.example/');
    await expect(findToken({ ...places, coordinator: open })).rejects.toThrow(/clear text/);
    const lookalike = new URL('http://127.0.0.1.evil.example/');
    await expect(findToken({ ...places, coordinator: lookalike })).rejects.toThrow(/clear text/);
    expect(await findToken({ ...places, coordinator: distant })).toBe(tokenOf('1'));
  });

  test('in a file that others can read is refused', async () => {
    const shared = join(dir, 'shared.token');
    await writeFile(shared, tokenOf('4'), { mode: 0o644 });
    const places = { coordinator: local, environment: {}, checkout: null };
    const found = findToken({ ...places, tokenFile: shared });
    await expect(found).rejects.toThrow(
      `the access token in ${shared} is open to others (mode 0644, expected 0600): \`chmod 600 ${shared}\``,
    );
    await expect(found).rejects.not.toThrow(/passphrase/);
  });

  test('that is none is refused before it is sent, and not repeated', async () => {
    const environment = { REPRO_QUORUM_TOKEN: 'hunter2' };
    const found = findToken({ coordinator: local, environment, checkout: null });
    await expect(found).rejects.toThrow(/REPRO_QUORUM_TOKEN holds no access token/);
    await expect(found).rejects.not.toThrow(/hunter2/);
  });
});
