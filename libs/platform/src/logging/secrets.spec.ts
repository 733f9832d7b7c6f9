import fc from 'fast-check';
import { expect, test } from 'vitest';
import { strikeSecrets } from './secrets.js';

const SEED = `SU${'A2'.repeat(28)}`;

test.each<[string, string, string]>([
  ['an access token', `rqt_${'5bec'.repeat(3)}_${'0123456789abcdef'.repeat(4)}`, '5bec'],
  ['an invite', `rqi_${'c0de'.repeat(16)}`, 'c0de'],
  ['a NATS seed', SEED, 'A2A2'],
  ['a JWT', `eyJ0eXAiOiJKV1Qi.${'e30'.repeat(9)}.${'c2ln'.repeat(9)}`, 'c2ln'],
  ['a header', `authorization: Bearer ${'Zm9v'.repeat(5)}`, 'Zm9v'],
  ['a database’s password', 'postgres://quorum:s3cret@db/quorum', 's3cret'],
  ['a private key', '-----BEGIN PRIVATE KEY-----\\nMC4CAQAw\\n-----END PRIVATE KEY-----', 'MC4C'],
])('%s is struck out of a line, and the line stays JSON', (_, secret, part) => {
  const line = JSON.stringify({
    level: 40,
    msg: `refused: "${secret}" of 192.0.2.1`,
    at: { secret },
  });
  const struck = strikeSecrets(`${line}\n`);
  expect(struck).not.toContain(part);
  expect((JSON.parse(struck) as { msg: string }).msg).toMatch(
    /^refused: ".*struck.*" of 192\.0\.2\.1$/,
  );
});

test('ids, digests, commits and addresses stay as they are', () => {
  const line = JSON.stringify({
    round: 'ab'.repeat(32),
    builder: '2vxsx-fae-aaaaa-aaaaa-aaaaa-aaaaa-aaaaa-aaaaa-aaaaa-aaaaa-aaaaa',
    url: 'nats://127.0.0.1:4222',
    commit: '0123456789'.repeat(4),
    key: 'quorum.example/log+1a2b3c4d+AQECAwQFBgcICQoLDA0ODw==',
  });
  expect(strikeSecrets(line)).toBe(line);
});

test('a JWT is struck wherever it stands among what could belong to it', () => {
  const jwt = /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g;
  const piece = fc.constantFrom('eyJ', 'a', '-', '_', '.', ' ', '"', 'abcdefgh', '12345678', 'ü');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const line = pieces.join('');
      expect(strikeSecrets(line)).toBe(line.replaceAll(jwt, '[struck]'));
    }),
    { numRuns: 2000 },
  );
});
