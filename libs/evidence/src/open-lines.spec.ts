import { expect, test } from 'vitest';
import { AttestationError } from '#libs/attestation';
import { goodRound } from './bundle.fixture.js';
import { parseBundle, type PlacedLine } from './bundle-text.js';
import { openEntry, type OpenedEntry, type OpeningEntry, type SealedEntry } from './entry.js';
import { openLines } from './open-lines.js';

const { lines } = parseBundle(goodRound().bundle());
const [first] = lines.filter((line) => line.type === 'envelope');
const opened = openEntry({ ...first!, publicKey: Buffer.from(first!.publicKey, 'base64') });

/** So many lines of one entry, each at an index of its own; tells of each that it is read. */
function* many(count: number, onRead: () => void = () => undefined): Generator<PlacedLine> {
  for (let at = 0; at < count; at += 1) {
    onRead();
    yield { ...first!, index: at, line: at + 2 };
  }
}

const asOpened = ({ index, line }: SealedEntry): OpenedEntry => ({ ...opened, index, line });

/** Opens an entry as `settle` says: presumed to be good until then. */
function opening(sealed: SealedEntry, settle: () => Promise<void>): OpeningEntry {
  const presumed = asOpened(sealed);
  return { presumed, opened: settle().then(() => presumed) };
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const indexesOf = (entries: readonly { index: number | null }[]) =>
  entries.map(({ index }) => index);

test('lines are read while those before are opened, and never far ahead of what is done', async () => {
  let [read, begun, done, farthest] = [0, 0, 0, 0];
  const beganAt: number[] = [];
  const open = (sealed: SealedEntry): OpeningEntry => {
    begun += 1;
    beganAt.push(read);
    farthest = Math.max(farthest, begun - done);
    return opening(sealed, async () => {
      await nextTurn();
      done += 1;
    });
  };
  const { certain } = await openLines(
    many(5000, () => (read += 1)),
    open,
  );
  expect((await certain).entries).toHaveLength(5000);
  expect(beganAt).toEqual(Array.from({ length: 5000 }, (_, at) => at + 1));
  expect(farthest).toBeLessThanOrEqual(17 * 128);
});

test('lines are presumed to be good before the last signature is known, and then are what was presumed', async () => {
  const last = Promise.withResolvers<undefined>();
  const open = (sealed: SealedEntry) => opening(sealed, () => last.promise);
  const { presumed, certain } = await openLines(many(300), open);
  expect(indexesOf(presumed.entries)).toEqual(Array.from({ length: 300 }, (_, at) => at));
  let isCertain = false;
  void certain.then(() => (isCertain = true));
  await nextTurn();
  expect(isCertain).toBe(false);
  last.resolve(undefined);
  expect(await certain).toBe(presumed);
});

test('entries come in the order of their lines, whichever was opened first, and faults apart', async () => {
  const waiting: (() => void)[] = [];
  const open = (sealed: SealedEntry): OpeningEntry =>
    opening(sealed, async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        // The last of a few is let go first.
        if (waiting.length === 4) for (const next of waiting.splice(0).toReversed()) next();
      });
      if (sealed.index % 4 === 1) throw new AttestationError('BAD_SIGNATURE', 'not by this key');
    });
  const { certain } = await openLines(many(400), open);
  const { entries, unopened } = await certain;
  const all = Array.from({ length: 400 }, (_, at) => at);
  expect(indexesOf(entries)).toEqual(all.filter((at) => at % 4 !== 1));
  expect(indexesOf(unopened)).toEqual(all.filter((at) => at % 4 === 1));
  expect(new Set(unopened.map(({ code }) => code))).toEqual(new Set(['signature-wrong']));
});

test('what nothing was presumed of is among what is certain', async () => {
  const open = (sealed: SealedEntry): OpeningEntry => ({
    ...opening(sealed, nextTurn),
    ...(sealed.index === 2 && { presumed: null }),
  });
  const { presumed, certain } = await openLines(many(4), open);
  expect(indexesOf(presumed.entries)).toEqual([0, 1, 3]);
  expect(indexesOf((await certain).entries)).toEqual([0, 1, 2, 3]);
});

test('what is no fault of an entry is thrown, and nothing else is left behind', async () => {
  const open = (sealed: SealedEntry): OpeningEntry =>
    opening(sealed, () =>
      sealed.index % 100 === 99
        ? Promise.reject(new RangeError(`no memory at ${sealed.index}`))
        : Promise.resolve(),
    );
  for (const count of [1000, 5000]) {
    const lines = openLines(many(count), open).then(({ certain }) => certain);
    await expect(lines).rejects.toThrow('no memory at 99');
  }
});
