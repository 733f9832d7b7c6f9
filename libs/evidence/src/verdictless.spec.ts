import { describe, expect, test } from 'vitest';
import { sha256, toBase64 } from '#libs/encoding';
import { audit, codesOf, policyOf } from './audit.fixture.js';
import { fiveHands, GUESTOS, HandRound, RELEASE, type Hand } from './bundle.fixture.js';
import { COORDINATOR, MemoryLog, ORIGIN } from './log.fixture.js';
import { recomputeVerdict } from './recompute-verdict.js';

const [alice] = fiveHands() as [Hand, ...Hand[]];

/** Nobody's verdict is asked for, so nothing is expected. */
const release = {
  ...RELEASE,
  artifacts: RELEASE.artifacts.map((it) => ({ ...it, expected: null, elected: false })),
};

const calibration = { round: sha256('reproduced'), builder: alice.signer.id };
const experiment = {
  ...{ round: sha256('split'), artifact: GUESTOS },
  ...{ builder: alice.signer.id, change: null },
};

describe.each([
  ['a calibration', { calibration }],
  ['an experiment', { experiment }],
])('%s', (what, purpose) => {
  /** A round of alice alone, on the fixtures' release, that gives no verdict. */
  function roundIn(log: MemoryLog, hands: readonly Hand[] = [alice], nonce = 1): HandRound {
    return new HandRound(log, hands, {
      ...{ threshold: '1', proposal: null, urls: [], release },
      nonce: toBase64(new Uint8Array(32).fill(nonce)),
      ...purpose,
    });
  }

  test('gives a bundle whose evidence is good, and no verdict', async () => {
    const found = await audit(roundIn(new MemoryLog()).play().bundle());
    expect(codesOf(found)).toEqual([]);
    expect(found).toMatchObject({ outcome: 'undecided', artifacts: [] });
    expect(found.rules.find(({ rule }) => rule === 'decided')).toMatchObject({
      isKept: false,
      message: `the round is ${what}, and gives no verdict`,
    });
  });

  test('satisfies nobody, however little a policy asks', async () => {
    const hands = fiveHands().slice(0, 2);
    const bundle = roundIn(new MemoryLog()).play().bundle();
    const policy = policyOf(hands, { threshold: '2', artifacts: [GUESTOS] });
    expect((await audit(bundle, policy)).outcome).not.toBe('satisfied');
  });

  test('of which a verdict says that it passed is bad evidence', async () => {
    const round = roundIn(new MemoryLog());
    round.commit(alice);
    round.close();
    round.reveal(alice);
    const statement = recomputeVerdict(round.replay(), {
      ...{ origin: ORIGIN, coordinatorKeyId: COORDINATOR.keyId, version: '0.1.0' },
      decidedAt: '2026-01-02T06:10:00.000Z',
    });
    expect(statement.predicate).toMatchObject({ verificationResult: 'FAILED' });
    const predicate = { ...statement.predicate, verificationResult: 'PASSED' };
    round.log.append('verdict', { ...statement, predicate });
    const found = await audit(round.bundle());
    expect(codesOf(found)).toContain('verdict-false');
    expect(found.outcome).toBe('bad-evidence');
  });

  test('with somebody beside its builder is none, and its bundle is bad', () => {
    const round = roundIn(new MemoryLog(), fiveHands());
    expect(round.answer().open).toBeNull();
  });

  test('makes no other round on its release a repeated one', async () => {
    const log = new MemoryLog();
    roundIn(log).play();
    const round = new HandRound(log, fiveHands());
    roundIn(log, [alice], 2);
    round.play();
    const found = await audit(round.bundle());
    expect(found).toMatchObject({ outcome: 'satisfied', findings: [] });
    for (const { flags } of found.artifacts) expect(flags).not.toContain('repeated');
  });
});
