import { describe, expect, test } from 'vitest';
import { logSuccessionStatement, type LogSuccession } from '#libs/attestation';
import { toHex } from '#libs/encoding';
import { ed25519Signer, formatCheckpoint, formatVkey, signNote } from '#libs/tlog';
import { audit } from './audit.fixture.js';
import { fiveHands, HandRound } from './bundle.fixture.js';
import type { Finding } from './finding.js';
import { MemoryLog, ORIGIN, quickSigner } from './log.fixture.js';

const older = quickSigner(9_500);
const OLD_ORIGIN = 'log.example/lost';
const root = new Uint8Array(32).fill(7);
const note = (signer = older): string =>
  signNote(formatCheckpoint({ origin: OLD_ORIGIN, size: 123n, root }), [
    ed25519Signer(OLD_ORIGIN, signer.publicKey, (message) => signer.sign(message)),
  ]);
const SUCCESSION: LogSuccession = {
  origin: ORIGIN,
  predecessor: {
    origin: OLD_ORIGIN,
    vkey: formatVkey(OLD_ORIGIN, older.publicKey),
    checkpoint: `${note()}— witness.example/w1 ${'A'.repeat(8)}\n`,
  },
  reason: 'the disk and every copy were lost',
  succeededAt: '2026-01-02T01:00:00.000Z',
};

/** Audits a round in a log that says so, first or last. */
async function findingsOf(
  over: Partial<LogSuccession>,
  { isLast = false, signer = new MemoryLog().coordinator } = {},
): Promise<readonly Finding[]> {
  const log = new MemoryLog();
  const said = logSuccessionStatement({ ...SUCCESSION, ...over });
  if (!isLast) log.append('log-succession', said, signer);
  const round = new HandRound(log, fiveHands()).play();
  if (isLast) log.append('log-succession', said, signer);
  return (await audit(round.bundle())).findings;
}

describe('a log that follows another', () => {
  test('says so in every bundle, with size and root of the one that ended, and is as good as any', async () => {
    const log = new MemoryLog();
    log.append('log-succession', logSuccessionStatement(SUCCESSION));
    const found = await audit(new HandRound(log, fiveHands()).play().bundle());
    expect(found.outcome).toBe('satisfied');
    expect(found.findings).toEqual([
      {
        code: 'predecessor',
        message: expect.any(String) as unknown,
        line: expect.any(Number) as unknown,
        index: 0,
      },
    ]);
    const [{ message } = { message: '' }] = found.findings;
    for (const word of [OLD_ORIGIN, '123', toHex(root), '1 cosignatures', SUCCESSION.reason]) {
      expect(message).toContain(word);
    }
  });

  const { predecessor } = SUCCESSION;
  test.each<[string, Partial<LogSuccession>]>([
    ['of another origin than the bundle', { origin: 'log.example/third' }],
    [
      'with a note by another key',
      { predecessor: { ...predecessor, checkpoint: note(quickSigner(1)) } },
    ],
    [
      'with a note of another log',
      { predecessor: { ...predecessor, origin: 'log.example/fourth' } },
    ],
    ['with a key that is none', { predecessor: { ...predecessor, vkey: 'a key' } }],
  ])('is not believed in words %s', async (_what, over) => {
    expect((await findingsOf(over)).map(({ code }) => code)).toContain('predecessor-unsound');
  });

  test('is told so by its own key alone', async () => {
    const found = await findingsOf({}, { signer: older });
    expect(found.map(({ code }) => code)).toContain('predecessor-unsound');
  });

  test('cannot say so later on', async () => {
    const found = await findingsOf({}, { isLast: true });
    expect(found.map(({ code }) => code)).toEqual(['predecessor-unsound']);
  });
});
