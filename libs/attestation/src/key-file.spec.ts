import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { passphraseFromFile, signerFromKeyFile, type KeyFile } from './key-file.js';
import { lockKey } from './key-lock.js';
import { signerFromPem } from './signer.js';

const { privateKey } = generateKeyPairSync('ed25519');
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const { id } = signerFromPem(pem);
const passphrase = 'a passphrase';
const locked = lockKey(pem, {
  passphrase,
  salt: new Uint8Array(32).fill(3),
  nonce: new Uint8Array(12).fill(4),
});
const byOpenssl = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  .toString();

const fileOf = (text: string, mode = 0o100600): KeyFile => ({ path: '/etc/q/key.pem', text, mode });
const badKey = (words: string): unknown =>
  expect.objectContaining({
    ...{ code: 'BAD_KEY', message: expect.stringContaining(words) as unknown },
  });

describe('a private key’s file', () => {
  test('is read as PEM, and as a key that was locked', () => {
    expect(signerFromKeyFile(fileOf(pem), null).id).toBe(id);
    expect(signerFromKeyFile(fileOf(pem), passphrase).id).toBe(id);
    expect(signerFromKeyFile(fileOf(locked), passphrase).id).toBe(id);
  });

  test.each([0o600, 0o400, 0o700])('of mode %o is its owner’s alone', (mode) => {
    expect(signerFromKeyFile(fileOf(pem, 0o100000 | mode), null).id).toBe(id);
  });

  test.each([0o604, 0o640, 0o602, 0o660, 0o644, 0o777, 0o610])(
    'of mode %o is refused with the command that mends it, locked or not',
    (mode) => {
      for (const text of [pem, locked]) {
        expect(() => signerFromKeyFile(fileOf(text, 0o100000 | mode), passphrase)).toThrow(
          badKey('`chmod 600 /etc/q/key.pem`'),
        );
      }
    },
  );

  test.each([0o440, 0o640, 0o400])(
    'of mode %o that root owns and hands to a service is taken, and from nobody but root',
    (mode) => {
      const file = { ...fileOf(pem, 0o100000 | mode), owner: 0, reader: 998 };
      expect(signerFromKeyFile(file, null).id).toBe(id);
      if (mode === 0o400) return;
      for (const other of [{ owner: 998 }, { owner: 1000 }, { owner: undefined }]) {
        expect(() => signerFromKeyFile({ ...file, ...other }, null)).toThrow(badKey('chmod 600'));
      }
      for (const other of [{ reader: 0 }, { reader: undefined }]) {
        expect(() => signerFromKeyFile({ ...file, ...other }, null)).toThrow(badKey('chmod 600'));
      }
    },
  );

  test.each([0o444, 0o660, 0o450, 0o441, 0o442, 0o644])(
    'of mode %o is refused though root hands it over: others could read, or a group change it',
    (mode) => {
      const file = { ...fileOf(pem, 0o100000 | mode), owner: 0, reader: 998 };
      expect(() => signerFromKeyFile(file, null)).toThrow(badKey('chmod 600'));
    },
  );

  test('that is no key is told so first, whatever its mode', () => {
    expect(() => signerFromKeyFile(fileOf('garbage', 0o100644), null)).toThrow(
      badKey('not a PEM private key'),
    );
  });

  test('that is locked needs a passphrase, and says where it is given', () => {
    expect(() => signerFromKeyFile(fileOf(locked), null)).toThrow(badKey('KEY_PASSPHRASE_FILE'));
    expect(() => signerFromKeyFile(fileOf(locked), 'another')).toThrow(badKey('does not open'));
  });

  test('that openssl encrypted is refused with the command that helps', () => {
    expect(() => signerFromKeyFile(fileOf(byOpenssl), passphrase)).toThrow(
      badKey('openssl pkey -in /etc/q/key.pem'),
    );
  });

  test('is never quoted', () => {
    for (const text of [`{"secret":"${pem}"}`, 'very secret garbage', locked]) {
      try {
        signerFromKeyFile(fileOf(text), 'very wrong');
      } catch (error) {
        expect(String(error)).not.toMatch(/very secret|very wrong|MC4C/);
      }
    }
  });
});

describe('a passphrase’s file', () => {
  test.each([
    ['as it is', 'a b', 'a b'],
    ['without the line end of an editor', 'a b\n', 'a b'],
    ['without that of another editor', 'a b\r\n', 'a b'],
    ['with all its other white space', ' a b \n\n', ' a b \n'],
  ])('is taken %s', (_, text, taken) => {
    expect(passphraseFromFile(fileOf(text))).toBe(taken);
  });

  test('that others can read, or that is empty, is refused', () => {
    expect(() => passphraseFromFile(fileOf('a', 0o100640))).toThrow(badKey('chmod 600'));
    expect(() => passphraseFromFile(fileOf('\n'))).toThrow(badKey('is empty'));
  });
});
