import { expect, test } from 'vitest';
import type { Reveal, RoundOpen } from '#libs/attestation';
import { makeRoster, makeRound, makeSigner } from '#libs/testing';
import {
  addSignatures,
  cosign,
  ed25519Signer,
  formatCheckpoint,
  formatCosignerVkey,
  formatVkey,
  signNote,
} from '#libs/tlog';
import { isWeaklyWitnessed } from './round-reveals.js';

const origin = 'log.example/ic';
const [log, witness, stranger] = [makeSigner(1), makeSigner(2), makeSigner(3)];
const policy = [
  `log ${formatVkey(origin, log.publicKey)}`,
  `witness w ${formatCosignerVkey('w', witness.publicKey)} https://witness.example`,
  'quorum w',
  '',
].join('\n');
const { open } = makeRound(makeRoster({ acme: [makeSigner(4)], bits: [makeSigner(5)] }));
const asking: RoundOpen = { ...open, witnessing: { policy, fallbackSeconds: 60 } };

function noteOf(size: bigint, isCosigned = true, by = log): string {
  const text = formatCheckpoint({ origin, size, root: new Uint8Array(32).fill(1) });
  const note = signNote(text, [ed25519Signer(origin, by.publicKey, (m) => by.sign(m))]);
  const { publicKey } = witness;
  const line = cosign(text, { name: 'w', publicKey, sign: (m) => witness.sign(m), timeS: 1 });
  return isCosigned ? addSignatures(note, [line]) : note;
}
const reveals = (notes: Readonly<Record<string, string>>): ReadonlyMap<string, Reveal> =>
  new Map(
    Object.entries(notes).map(([builder, checkpoint]) => [builder, { checkpoint } as Reveal]),
  );
const isWeak = (
  counted: readonly string[],
  notes: Readonly<Record<string, string>>,
  { round = asking, closeIndex = 7 }: { round?: RoundOpen; closeIndex?: number | null } = {},
): boolean =>
  isWeaklyWitnessed({ open: round, closeIndex, counted, reveals: reveals(notes) }, origin);

test('a round is weakly witnessed where one counted result was shown without enough witnesses', () => {
  const good = noteOf(8n);
  expect(isWeak(['a', 'b'], { a: good, b: good })).toBe(false);
  for (const bad of [noteOf(8n, false), noteOf(7n), noteOf(9n, true, stranger), 'x']) {
    expect(isWeak(['a', 'b'], { a: good, b: bad })).toBe(true);
  }
  expect(isWeak(['a', 'b'], { a: good })).toBe(true);
});

test('what does not count, or nobody asked to be witnessed, makes no round weak', () => {
  expect(isWeak(['a'], { a: noteOf(8n), b: 'x' })).toBe(false);
  expect(isWeak([], {})).toBe(false);
  expect(isWeak(['a', 'b'], {}, { round: open })).toBe(false);
});

test('a result that counts before there is a close was shown on the sight of none', () => {
  expect(isWeak(['a'], { a: noteOf(8n) }, { closeIndex: null })).toBe(true);
});
