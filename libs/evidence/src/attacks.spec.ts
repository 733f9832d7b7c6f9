import { describe, expect, test } from 'vitest';
import {
  commitStatement,
  verdictRefusalStatement,
  verdictStatement,
  type VerdictSummary,
} from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';
import { audit, codesOf, malleated, policyOf, rewritten } from './audit.fixture.js';
import type { BundleLine } from './bundle-line.js';
import { fiveHands, goodRound, HandRound } from './bundle.fixture.js';
import { payloadDigestOf } from './entry.js';
import { COORDINATOR, MemoryLog, quickSigner } from './log.fixture.js';

const good = goodRound().bundle();
const hands = fiveHands();
const [alice, bob] = hands;
type EnvelopeLine = Extract<BundleLine, { type: 'envelope' }>;

const envelopes = (rewrite: (line: EnvelopeLine) => BundleLine | readonly BundleLine[] | null) =>
  rewritten(good, (line) => (line.type === 'envelope' ? rewrite(line) : line));
const without = (index: number): string =>
  envelopes((line) => (line.index === index ? null : line));

async function findings(bundle: string): Promise<readonly string[]> {
  const found = await audit(bundle);
  expect(found.outcome).toBe('bad-evidence');
  return codesOf(found);
}

/** Each of a good round's kinds of entries, by one index of it. */
const PLACES = { open: 0, commit: 2, close: 6, result: 9, reveal: 10, verdict: 17 };

describe('whoever passes a bundle on', () => {
  test.each([
    ['a commit', without(PLACES.commit), ['proof-wrong', 'result-uncommitted', 'leaf-missing']],
    ['the close', without(PLACES.close), ['proof-wrong', 'result-before-close', 'leaf-missing']],
    ['a result', without(PLACES.result), ['proof-wrong', 'leaf-missing', 'verdict-false']],
    ['a reveal', without(PLACES.reveal), ['proof-wrong', 'leaf-missing', 'verdict-false']],
    ['the verdict', without(PLACES.verdict), ['proof-wrong', 'leaf-missing']],
    ['a countersignature', without(20), ['proof-wrong']],
  ])('cannot leave out %s', async (_what, bundle, codes) => {
    expect(await findings(bundle)).toEqual(expect.arrayContaining(codes));
  });

  test('cannot leave out the round itself, nor all but its end', async () => {
    expect(await findings(without(PLACES.open))).toContain('round-missing');
  });

  test.each<[what: string, bundle: string, code: string]>([
    ['swap hashes of a proof', onProof((hashes) => hashes.toReversed()), 'proof-wrong'],
    [
      'leave the proof out',
      rewritten(good, (line) => (line.type === 'proof' ? null : line)),
      'proof-missing',
    ],
    [
      'add an entry',
      envelopes((line) => [line, ...(line.index === 2 ? [{ ...line, index: 40 }] : [])]),
      'proof-wrong',
    ],
    [
      'show an entry twice',
      envelopes((line) => [line, ...(line.index === 2 ? [line] : [])]),
      'line-repeated',
    ],
    [
      'exchange two entries',
      envelopes((line) => ({ ...line, index: swap(line.index, 1, 2) })),
      'proof-wrong',
    ],
    [
      'call a commit a result',
      envelopes((line) => (line.index === 1 ? { ...line, kind: 'result' } : line)),
      'kind-wrong',
    ],
    [
      'name another signer',
      envelopes((line) =>
        line.index === 1 ? { ...line, publicKey: toBase64(bob!.signer.publicKey) } : line,
      ),
      'signature-wrong',
    ],
    [
      'exchange signatures for S + L',
      envelopes((line) => (line.index === 9 ? malleate(line) : line)),
      'signature-wrong',
    ],
    ['put a stale checkpoint there', onCheckpoint(goodRound().log.note(4, 12)), 'proof-wrong'],
    [
      'put another log’s checkpoint there',
      onCheckpoint(new MemoryLog(quickSigner(5)).note(4, 0)),
      'checkpoint-wrong',
    ],
    [
      'leave the checkpoint out',
      rewritten(good, (line) => (line.type === 'checkpoint' ? null : line)),
      'checkpoint-missing',
    ],
    [
      'leave out how the log grew',
      rewritten(good, (line) => (line.type === 'consistency' ? null : line)),
      'consistency-missing',
    ],
    [
      'forge how the log grew',
      rewritten(good, (line) =>
        line.type === 'consistency' ? { ...line, hashes: line.hashes.toReversed() } : line,
      ),
      'log-inconsistent',
    ],
    ['add a line of its own', `${good}{"type":"trust-me"}\n`, 'line-unknown'],
    ['cut the last line off', good.slice(0, -20), 'line-malformed'],
  ])('cannot %s', async (_what, bundle, code) => {
    expect(await findings(bundle)).toContain(code);
  });
});

describe('a coordinator', () => {
  /** Plays a round into a log, lets the coordinator do as it likes, and exports what it has. */
  const bundleOf = (play: (round: HandRound) => void): string => {
    const round = new HandRound(new MemoryLog(), hands);
    play(round);
    return round.bundle();
  };
  const commitAll = (round: HandRound): void => {
    for (const hand of hands) round.commit(hand);
  };
  const revealAll = (round: HandRound): void => {
    for (const hand of hands) round.reveal(hand);
  };

  test('that closes twice is caught', async () => {
    const bundle = bundleOf((round) => {
      commitAll(round);
      round.close();
      round.close();
      revealAll(round);
      round.decide();
    });
    expect(await findings(bundle)).toContain('closed-twice');
  });

  test('that invents a builder is caught, and where it invites one, nobody trusts it', async () => {
    const invented = { operator: 'alice', signer: quickSigner(70), variant: 'good' };
    const bundle = bundleOf((round) => {
      commitAll(round);
      round.commit(invented);
      round.close();
      revealAll(round);
      round.decide();
    });
    expect(await findings(bundle)).toContain('stranger');
    const some = fiveHands(['good', 'good', 'failed', 'failed', 'failed']);
    const sybils = [71, 72, 73].map((seed) => ({
      ...invented,
      operator: `sybil-${seed}`,
      signer: quickSigner(seed),
    }));
    const invited = new HandRound(new MemoryLog(), [...some, ...sybils], { threshold: '5' }).play();
    const found = await audit(invited.bundle(), policyOf(some));
    expect([found.outcome, codesOf(found)]).toEqual(['undecided', []]);
    expect(found.artifacts[0]?.clusters[0]?.operators).toEqual(['alice', 'bob']);
  });

  test('that signs a false verdict is caught', async () => {
    const bundle = bundleOf((round) => {
      commitAll(round);
      round.close();
      revealAll(round);
      round.log.append('verdict', falseVerdict(round));
    });
    expect(await findings(bundle)).toEqual(['verdict-false']);
  });

  test('that drops a reveal has to say that it is unrevealed, and cannot say otherwise', async () => {
    const whole = goodRound();
    const bundle = bundleOf((round) => {
      commitAll(round);
      round.close();
      for (const hand of hands.slice(1)) round.reveal(hand);
      const verdict = whole.log.entries.find(({ kind }) => kind === 'verdict')!;
      round.log.appendEnvelope('verdict', verdict.envelope, verdict.publicKey);
    });
    expect(await findings(bundle)).toEqual(['verdict-false']);
  });

  test('that keeps one builder of a self-contradicting operator back loses that operator’s vote', async () => {
    const two = [
      ...fiveHands(['good', 'good', 'good', 'other', 'other']),
      { operator: 'alice', signer: quickSigner(74), variant: 'other' },
    ];
    const round = new HandRound(new MemoryLog(), two);
    for (const hand of two) round.commit(hand);
    round.close();
    for (const hand of two.slice(0, -1)) round.reveal(hand);
    round.decide();
    const found = await audit(round.bundle(), policyOf(two));
    expect([found.outcome, codesOf(found)]).toEqual(['not-satisfied', []]);
    expect(found.artifacts[0]?.clusters[0]?.operators).toEqual(['bob', 'carol']);
  });

  test('that repeats a round until it pleases cannot leave the others out', async () => {
    const log = new MemoryLog();
    const round = new HandRound(log, hands);
    const again = new HandRound(log, hands, { threshold: '4' });
    round.play();
    expect(codesOf(await audit(round.bundle()))).toEqual(['other-round']);
    const hiding = { entries: log.entries.filter(({ index }) => index !== again.openIndex) };
    expect(await findings(round.bundle(hiding))).toEqual(['leaf-missing', 'verdict-false']);
    // Earlier ones are missed by the flag in the verdict, and by whoever asks for the whole log.
    const wholeLog = policyOf(hands, { wholeLog: true });
    const second = new HandRound(log, hands, { threshold: '3' }).play();
    const earlier = { entries: log.entries.slice(second.openIndex) };
    expect(await findings(second.bundle(earlier))).toEqual(['verdict-false']);
    const strict = await audit(second.bundle(earlier), wholeLog);
    expect(strict.rules.find(({ rule }) => rule === 'whole-log')?.isKept).toBe(false);
  });
});

describe('a builder', () => {
  const rounds: [what: string, code: string, play: (round: HandRound) => void][] = [
    [
      'signs as another',
      'signed-as-another',
      (round) => {
        const commit = { round: round.round, builder: bob!.signer.id, commitment: sha256('x') };
        round.log.append('commit', commitStatement(commit), alice!.signer);
      },
    ],
    [
      'equivocates',
      'commit-repeated',
      (round) => {
        round.commit({ ...alice!, variant: 'other' });
        round.commit(alice!);
      },
    ],
    [
      'shows something else than it committed to',
      'result-uncommitted',
      (round) => {
        round.commit(alice!);
        const shown = round.results.get(alice!.signer.id)!;
        const twin = new HandRound(new MemoryLog(), hands);
        twin.commit({ ...alice!, variant: 'other' });
        round.close();
        round.results.set(alice!.signer.id, twin.results.get(alice!.signer.id)!);
        expect(twin.results.get(alice!.signer.id)).not.toEqual(shown);
        round.reveal(alice!);
      },
    ],
    [
      'replays what it said before',
      'entry-repeated',
      (round) => {
        round.commit(alice!);
        const { envelope, publicKey } = round.log.entries.at(-1)!;
        round.log.appendEnvelope('commit', envelope, publicKey);
      },
    ],
  ];

  test.each(rounds)('that %s is caught', async (_what, code, play) => {
    const round = new HandRound(new MemoryLog(), hands);
    play(round);
    expect(await findings(round.bundle())).toContain(code);
  });

  test('that replays an old round says nothing in this one', async () => {
    const log = new MemoryLog();
    const old = new HandRound(log, hands, { threshold: '4' }).play();
    const round = new HandRound(log, hands);
    const said = old.log.entries.find(({ kind }) => kind === 'commit')!;
    log.appendEnvelope('commit', said.envelope, said.publicKey);
    const found = await audit(round.bundle());
    expect(codesOf(found)).toEqual(['entry-repeated', 'other-round']);
    expect(found.artifacts[0]?.clusters).toEqual([]);
  });

  test('that copies another’s commit can open nothing', async () => {
    const round = new HandRound(new MemoryLog(), hands);
    for (const hand of hands.slice(1)) round.commit(hand);
    const commitment = round.replay().state.commits.get(bob!.signer.id)!;
    const copy = { round: round.round, builder: alice!.signer.id, commitment };
    round.log.append('commit', commitStatement(copy), alice!.signer);
    round.close();
    for (const hand of hands.slice(1)) round.reveal(hand);
    round.decide();
    const found = await audit(round.bundle());
    expect([found.outcome, codesOf(found)]).toEqual(['satisfied', ['commit-copied']]);
    expect(found.artifacts[0]?.unrevealed).toMatchObject([{ operator: 'alice' }]);
  });

  test('that refuses the verdict is heard', async () => {
    const round = goodRound();
    const verdict = round.replay().verdict!;
    const refusal = {
      ...{ round: round.round, builder: alice!.signer.id, reason: 'recomputed-otherwise' as const },
      ...{ verdictSha256: payloadDigestOf(verdict), message: 'not what I get' },
    };
    round.log.append('refusal', verdictRefusalStatement(refusal), alice!.signer);
    expect(codesOf(await audit(round.bundle()))).toEqual(['refused']);
  });
});

function onProof(change: (hashes: string[]) => string[]): string {
  const log = new MemoryLog();
  const release = { ...goodRound().open.release, name: 'ic/other', artifacts: [] };
  const other = new HandRound(log, hands, { release, proposal: null, urls: [] });
  for (const hand of hands.slice(0, 2)) other.commit(hand);
  const round = new HandRound(log, hands).play();
  const entries = log.entries.slice(round.openIndex);
  return rewritten(round.bundle({ entries }), (line) =>
    line.type === 'proof' ? { ...line, hashes: change(line.hashes) } : line,
  );
}

function onCheckpoint(note: string): string {
  return rewritten(good, (line) => (line.type === 'checkpoint' ? { ...line, note } : line));
}

function swap(index: number, a: number, b: number): number {
  return index === a ? b : index === b ? a : index;
}

function malleate(line: EnvelopeLine): EnvelopeLine {
  const signatures = line.envelope.signatures.map(({ sig }) => ({ sig: malleated(sig) }));
  return { ...line, envelope: { ...line.envelope, signatures } };
}

function falseVerdict(round: HandRound): ReturnType<typeof verdictStatement> {
  const summary: VerdictSummary = {
    ...{ coordinatorKeyId: COORDINATOR.keyId, version: '0.1.0' },
    ...{ decidedAt: '2026-01-02T06:10:00.000Z', round: round.round, policySha256: round.round },
    ...{ releaseName: round.open.release.name, isPassed: false, needed: 3, eligible: 5 },
    subject: [{ name: 'x', digest: { sha256: sha256('x') } }],
    ...{ inputs: [], artifacts: [] },
  };
  return verdictStatement(summary);
}
