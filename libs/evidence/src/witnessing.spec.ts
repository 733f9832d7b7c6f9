import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  addSignatures,
  cosign,
  ed25519Signer,
  formatCheckpoint,
  formatCosignerVkey,
  formatVkey,
  signNote,
} from '#libs/tlog';
import { isSufficientlyWitnessed } from './index.js';

const origin = 'log.example/ic';
const makeKey = (): { raw: Uint8Array; signWith: (text: Uint8Array) => Uint8Array } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  return { raw, signWith: (text) => sign(null, text, privateKey) };
};
const logKey = makeKey();
const witnesses = ['w1', 'w2', 'w3', 'w4'].map((name) => ({ name, ...makeKey() }));
const policy = [
  `log ${formatVkey(origin, logKey.raw)}`,
  ...witnesses.map(({ name, raw }) => `witness ${name} ${formatCosignerVkey(name, raw)}`),
  'group all 3 w1 w2 w3 w4',
  'quorum all',
  '',
].join('\n');

function noteOf(size: bigint, count: number, over = {}, key = logKey): string {
  const checkpoint = { origin, size, root: new Uint8Array(32).fill(7), ...over };
  const text = formatCheckpoint(checkpoint);
  const signer = ed25519Signer(checkpoint.origin, key.raw, key.signWith);
  const lines = witnesses
    .slice(0, count)
    .map(({ name, raw, signWith }) =>
      cosign(text, { name, publicKey: raw, sign: signWith, timeS: 1_700_000_000 }),
    );
  return addSignatures(signNote(text, [signer]), lines);
}

const judge = (note: string, minSize = 5, by = policy): boolean =>
  isSufficientlyWitnessed({ note, policy: by, origin, minSize });

test('a checkpoint that enough witnesses signed is sufficient, one with too few is not', () => {
  const enough = [0, 1, 2, 3, 4].map((count) => judge(noteOf(9n, count)));
  expect(enough).toEqual([false, false, false, true, true]);
});

test('a checkpoint has to cover every leaf that matters', () => {
  expect([judge(noteOf(5n, 3)), judge(noteOf(4n, 3))]).toEqual([true, false]);
});

test.each([
  ['of another log', noteOf(9n, 4, { origin: 'other.example' })],
  ['that another key signed for the log', noteOf(9n, 4, {}, makeKey())],
  ['whose size was changed', noteOf(9n, 4).replace('\n9\n', '\n8\n')],
  ['without a signature', noteOf(9n, 4).split('\n\n')[0]! + '\n\n'],
  ['that is none', 'yes, all of them\n'],
  ['that is empty', ''],
])('a checkpoint %s is not sufficient', (_, note) => {
  expect(judge(note)).toBe(false);
});

test('lines that do not fit count for nothing, and spoil nothing', () => {
  const fit = noteOf(9n, 3);
  const stray = noteOf(8n, 4).trimEnd().split('\n').at(-1)!;
  expect(judge(`${fit}${stray}\n`)).toBe(true);
  expect(judge(`${noteOf(9n, 2)}${stray}\n`)).toBe(false);
});

test('a policy that cannot be read, or does not name the log, finds nothing sufficient', () => {
  expect(judge(noteOf(9n, 4), 5, 'quorum nobody\n')).toBe(false);
  expect(judge(noteOf(9n, 4), 5, policy.replace(/^log .*\n/, ''))).toBe(false);
  expect(judge(noteOf(9n, 4), 5, policy.replaceAll(origin, 'other.example'))).toBe(false);
});

test.each([
  ['asks for none', policy.replace('quorum all', 'quorum none'), 4, true],
  ['asks for none', policy.replace('quorum all', 'quorum none'), 2, false],
  ['asks for two of four', policy.replace('all 3', 'all 2'), 2, false],
  ['lists none', `${policy.split('\n')[0]!}\nquorum none\n`, 4, false],
])(
  'a policy that %s is held to as many as keep two forks apart',
  (_, by, cosigned, isSufficient) => {
    expect(judge(noteOf(9n, cosigned), 5, by)).toBe(isSufficient);
  },
);
