import { expect, test } from 'vitest';
import { AttestationError } from '#libs/attestation';
import { goodRound } from './bundle.fixture.js';
import { parseBundle, type PlacedLine } from './bundle-text.js';
import { openEntry, type OpenedEntry, type SealedEntry } from './entry.js';
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

test('lines are read while those before are opened, and never far ahead of what is done', async () => {
  let [read, begun, done, farthest] = [0, 0, 0, 0];
  const beganAt: number[] = [];
  const open = async (sealed: SealedEntry): Promise<OpenedEntry> => {
    begun += 1;
    beganAt.push(read);
    farthest = Math.max(farthest, begun - done);
    await new Promise((resolve) => setImmediate(resolve));
    done += 1;
    return asOpened(sealed);
  };
  const { entries } = await openLines(
    many(3000, () => (read += 1)),
    open,
  );
  expect(entries).toHaveLength(3000);
  expect(beganAt).toEqual(Array.from({ length: 3000 }, (_, at) => at + 1));
  expect(farthest).toBeLessThanOrEqual(5 * 128);
});

test('entries come in the order of their lines, whichever was opened first, and faults apart', async () => {
  const waiting: (() => void)[] = [];
  const open = async (sealed: SealedEntry): Promise<OpenedEntry> => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      // The last of a few is let go first.
      if (waiting.length === 4) for (const next of waiting.splice(0).toReversed()) next();
    });
    if (sealed.index % 4 === 1) throw new AttestationError('BAD_SIGNATURE', 'not by this key');
    return asOpened(sealed);
  };
  const { entries, unopened } = await openLines(many(400), open);
  const all = Array.from({ length: 400 }, (_, at) => at);
  expect(entries.map(({ index }) => index)).toEqual(all.filter((at) => at % 4 !== 1));
  expect(unopened.map(({ index }) => index)).toEqual(all.filter((at) => at % 4 === 1));
  expect(new Set(unopened.map(({ code }) => code))).toEqual(new Set(['signature-wrong']));
});

test('what is no fault of an entry is thrown, and nothing else is left behind', async () => {
  const open = (sealed: SealedEntry): Promise<OpenedEntry> =>
    sealed.index % 100 === 99
      ? Promise.reject(new RangeError(`no memory at ${sealed.index}`))
      : Promise.resolve(asOpened(sealed));
  await expect(openLines(many(1000), open)).rejects.toThrow('no memory at 99');
});
