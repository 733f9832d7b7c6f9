import { expect, test } from 'vitest';
import { policyOf } from './audit.fixture.js';
import { readAuditor } from './auditor.js';
import { fiveHands, goodRound } from './bundle.fixture.js';
import { parseBundle, type ParsedBundle, type PlacedLine } from './bundle-text.js';
import { openEntryBeside, type OpenedEntry } from './entry.js';
import { judgeBundle } from './judge-bundle.js';
import type { OpenedBundle } from './opened-bundle.js';

const good = parseBundle(goodRound().bundle());
const { logKeys } = readAuditor(policyOf(fiveHands()));
const places = good.lines.flatMap(({ type }, at) => (type === 'envelope' ? [at] : []));
const [, spoiltAt = 0, otherAt = 0] = places;

/** The good bundle, but one entry has another's signature. */
function spoilt(): ParsedBundle {
  const [entry, other] = [good.lines[spoiltAt], good.lines[otherAt]];
  if (entry?.type !== 'envelope' || other?.type !== 'envelope') throw new Error('no entries');
  const envelope = { ...entry.envelope, signatures: other.envelope.signatures };
  const lines: PlacedLine[] = good.lines.with(spoiltAt, { ...entry, envelope });
  return { ...good, lines };
}
const isSpoilt = ({ line }: OpenedEntry) => line === good.lines[spoiltAt]?.line;

test('a bundle is judged while its last signature is verified, and once if that holds', async () => {
  const last = Promise.withResolvers<undefined>();
  let judged = 0;
  const judging = judgeBundle(good, {
    logKeys,
    judge: ({ entries }) => Promise.resolve({ nth: (judged += 1), entries: entries.length }),
    open: (sealed) => {
      const { presumed, opened } = openEntryBeside(sealed);
      return { presumed, opened: last.promise.then(() => opened) };
    },
  });
  let isTold = false;
  void judging.then(() => (isTold = true));
  while (judged === 0) await new Promise((resolve) => setImmediate(resolve));
  expect(isTold).toBe(false);
  last.resolve(undefined);
  expect(await judging).toEqual({ nth: 1, entries: places.length });
});

test('what was judged with a false signature is seen by nobody', async () => {
  const seen: OpenedBundle[] = [];
  const judge = (bundle: OpenedBundle) => {
    seen.push(bundle);
    return Promise.resolve(bundle);
  };
  const judgement = await judgeBundle(spoilt(), { logKeys, judge });
  expect(seen.map(({ entries }) => entries.some(isSpoilt))).toEqual([true, false]);
  expect(judgement).toBe(seen[1]);
  expect(judgement.findings.map(({ code }) => code)).toEqual(['signature-wrong']);
});

test('what a false entry makes fail fails nothing, and what a true one makes fail is thrown', async () => {
  const judge = ({ entries }: OpenedBundle) =>
    entries.some(isSpoilt)
      ? Promise.reject(new RangeError('by that entry'))
      : Promise.resolve(entries.length);
  expect(await judgeBundle(spoilt(), { logKeys, judge })).toBe(places.length - 1);
  await expect(judgeBundle(good, { logKeys, judge })).rejects.toThrow('by that entry');
});
