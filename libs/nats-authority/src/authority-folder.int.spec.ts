import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from '@nats-io/jwt';
import { fromPublic, fromSeed } from '@nats-io/nkeys';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeNatsKey } from '#libs/testing';
import { openAuthority } from './index.js';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'repro-quorum-authority-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('the folder of an authority', () => {
  test('is made once, its owner’s alone, by coordinators that start at the same time', async () => {
    const dir = join(root, 'made');
    const all = await Promise.all(Array.from({ length: 8 }, () => openAuthority(dir)));
    const accounts = all.map((authority) => authority.accountOf('b1'));
    expect(new Set(accounts).size).toBe(1);
    expect(await readdir(dir)).toEqual(['authority.seed']);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dir, 'authority.seed'))).mode & 0o777).toBe(0o600);
    expect((await openAuthority(dir)).accountOf('b1')).toBe(accounts[0]);
  });

  test('is of no use where others can read or write the seed, or where it is none', async () => {
    const dir = join(root, 'spoilt');
    await openAuthority(dir);
    const path = join(dir, 'authority.seed');
    const seed = await readFile(path, 'utf8');
    for (const mode of [0o644, 0o620, 0o601]) {
      await chmod(path, mode);
      await expect(openAuthority(dir)).rejects.toMatchObject({ code: 'BAD_FOLDER' });
    }
    await chmod(path, 0o440);
    await expect(openAuthority(dir)).resolves.toBeDefined();
    await chmod(path, 0o600);
    for (const text of ['', seed.slice(1), `${seed}x`, seed.toUpperCase().replace(/\d/g, 'G')]) {
      await writeFile(path, text);
      await expect(openAuthority(dir)).rejects.toMatchObject({ code: 'BAD_FOLDER' });
    }
  });
});

describe('what an authority signs', () => {
  test('is what others’ readers take for it, keys and signatures included', async () => {
    const authority = await openAuthority(join(root, 'signs'));
    const key = makeNatsKey();
    const natsPublicKey = key.publicKey;
    const now = new Date();
    const { account, jwt } = authority.builderAccount({ builder: 'b1', natsPublicKey }, now);
    const claims = decode<{ signing_keys: { key: string }[] }>(jwt);
    expect([claims.sub, claims.iat]).toEqual([account, Math.floor(now.getTime() / 1000)]);
    expect(claims.iss).toMatch(/^O[A-Z2-7]{55}$/);
    const expiresAt = new Date(now.getTime() + 60_000);
    const user = decode(authority.userJwtFor({ builder: 'b1', natsPublicKey, expiresAt }));
    expect(user.sub).toBe(natsPublicKey);
    expect(user.iss).toBe(claims.nats.signing_keys?.[0]?.key);
    expect(user.exp).toBe(Math.floor(expiresAt.getTime() / 1000));
    expect(() => fromPublic(account)).not.toThrow();
    expect(() => fromSeed(new TextEncoder().encode(natsPublicKey))).toThrow();
  });

  test.each([
    ['a seed', 'SUANSX3KKGJEPDB2XHS7Z56R6OTC3NMX6GEH6DFAS4JJX6A7CFY6OBNXHY'],
    ['an account', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['a wrong checksum', `U${'A'.repeat(55)}`],
    ['nothing', ''],
  ])('is never for %s instead of a user’s key, and never quotes it', async (_, natsPublicKey) => {
    const authority = await openAuthority(join(root, 'signs'));
    const sign = () => authority.builderAccount({ builder: 'b1', natsPublicKey }, new Date());
    expect(sign).toThrow(expect.objectContaining({ code: 'BAD_KEY' }));
    expect(sign).not.toThrow(/XKKGJEPDB/);
  });
});
