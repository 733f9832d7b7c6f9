import { describe, expect, test } from 'vitest';
import type { PolicyFile } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { formatCosignerVkey } from '#libs/tlog';
import { audit, codesOf, policyOf, rewritten } from './audit.fixture.js';
import type { ProposalLine } from './bundle-line.js';
import { fiveHands, goodRound, GUESTOS, HandRound, SETUPOS, type Hand } from './bundle.fixture.js';
import { MemoryLog, quickSigner, WITNESS_POLICY } from './log.fixture.js';

const good = goodRound().bundle();

/** Played to the end, with every builder doing what its variant says. */
const played = (variants: readonly string[]): string =>
  new HandRound(new MemoryLog(), fiveHands(variants)).play().bundle();

/** A line of SetupOS that a builder read in the CDN's SHA256SUMS. */
const reading = (variant: string): Pick<Hand, 'published'> => {
  const url = 'https://download.example/setup-os/disk-img/SHA256SUMS';
  const digest = { sha256: sha256(`${variant} ${SETUPOS}`), sizeBytes: null, error: null };
  return { published: [{ artifact: SETUPOS, source: 'cdn-sums', url, ...digest }] };
};

describe('a good bundle', () => {
  test('satisfies a policy that trusts its builders, without a finding', async () => {
    const found = await audit(good);
    expect(found).toMatchObject({
      ...{ outcome: 'satisfied', findings: [], proposal: '138000', treeSize: 23 },
      ...{ needed: 3, eligible: 5 },
    });
    expect(found.rules.map(({ rule, isKept }) => [rule, isKept])).toEqual([
      ['evidence', true],
      ['decided', true],
      ['votes', true],
    ]);
    expect(found.rules[2]?.evidence).toEqual([1, 2, 3, 4, 5, 7, 9, 11, 13, 15]);
    expect(found.artifacts.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      [GUESTOS, true],
      [SETUPOS, false],
    ]);
  });

  test('is read from bytes, with unknown fields, in any order of its lines', async () => {
    const [header = '', ...lines] = good.trimEnd().split('\n');
    const extended = lines.map((line) => line.replace('{', '{"later":true,'));
    const mixed = [header, ...extended.toReversed(), ''].join('\n');
    expect(await audit(Buffer.from(mixed))).toMatchObject({ outcome: 'satisfied', findings: [] });
  });

  test('with other rounds’ entries between its own is as good', async () => {
    const log = new MemoryLog();
    const round = new HandRound(log, fiveHands());
    const other = new HandRound(log, fiveHands(), {
      release: { ...round.open.release, name: 'ic/other', artifacts: [] },
      ...{ proposal: null, urls: [] },
    });
    other.commit(fiveHands()[0]!);
    round.play();
    expect(await audit(round.bundle())).toMatchObject({ outcome: 'satisfied', findings: [] });
  });

  test('is as good when somebody commits and shows a result after its verdict', async () => {
    const round = new HandRound(new MemoryLog(), fiveHands());
    const [alice, bob, carol, dave, erin] = round.hands;
    const punctual = [alice!, bob!, carol!, dave!];
    for (const hand of punctual) round.commit(hand);
    round.close();
    for (const hand of punctual) round.reveal(hand);
    round.decide();
    const { outcome, artifacts } = await audit(round.bundle());
    round.commit(erin!);
    round.reveal(erin!, null);
    const after = await audit(round.bundle());
    expect(after).toMatchObject({ outcome, artifacts });
    expect(outcome).toBe('satisfied');
    expect(codesOf(after)).toEqual(['commit-late', 'result-late']);
  });
});

describe('the auditor’s own rules', () => {
  const hands = fiveHands();
  const group = (names: readonly string[]) =>
    policyOf().operators.map((entry) =>
      names.includes(entry.operator) ? { ...entry, group: 'friends' } : entry,
    );

  test.each<[what: string, over: Parameters<typeof policyOf>[1], outcome: string]>([
    ['enough witnesses', { witnesses: WITNESS_POLICY }, 'satisfied'],
    ['witnesses that did not sign', { witnesses: strangeWitness() }, 'not-satisfied'],
    ['a log of at least 23 entries', { minTreeSize: 23 }, 'satisfied'],
    ['a log of at least 24 entries', { minTreeSize: 24 }, 'not-satisfied'],
    ['a round of the last 24 hours', { maxAgeHours: 24 }, 'satisfied'],
    ['a round of the last 23 hours', { maxAgeHours: 23 }, 'not-satisfied'],
    ['the whole log', { wholeLog: true }, 'satisfied'],
    ['five countersignatures', { minCountersignatures: 5 }, 'satisfied'],
    ['six countersignatures', { minCountersignatures: 6 }, 'not-satisfied'],
    ['two kinds of machines', { distinctVirtualisation: 2, distinctHosts: 2 }, 'satisfied'],
    ['three kinds of machines', { distinctVirtualisation: 3 }, 'not-satisfied'],
    ['three kinds of hosts', { distinctHosts: 3 }, 'not-satisfied'],
    ['cold builds', { coldBuildsOnly: true }, 'satisfied'],
    ['work shown', { workShown: true }, 'not-satisfied'],
    ['well witnessed results', { refuseWeaklyWitnessed: true }, 'satisfied'],
    ['enrolled builders', { enrolledOnly: true }, 'undecided'],
    ['an artifact that nobody knows', { artifacts: ['hello'] }, 'not-satisfied'],
    ['an artifact without expected digest', { artifacts: [GUESTOS, SETUPOS] }, 'undecided'],
    [
      'one vote of three friends',
      { operators: group(['alice', 'bob', 'carol']), maxVotesPerGroup: 1 },
      'satisfied',
    ],
    [
      'one vote of four friends',
      { operators: group(['alice', 'bob', 'carol', 'dave']), maxVotesPerGroup: 1 },
      'not-satisfied',
    ],
  ])('a policy that wants %s', async (_what, over, outcome) => {
    const found = await audit(good, policyOf(hands, over));
    expect([found.outcome, codesOf(found)]).toEqual([outcome, []]);
  });

  test('operators that were not asked count as if they had not come', async () => {
    const strangers = [1, 2, 3].map((at) => ({
      ...{ operator: `stranger-${at}`, signer: quickSigner(200 + at), variant: 'good' },
    }));
    const few = policyOf([...hands.slice(0, 2), ...strangers]);
    expect(await audit(good, few)).toMatchObject({ outcome: 'undecided', needed: 3, eligible: 5 });
  });

  test.each([
    [['good', 'good', 'good', 'other', 'failed'], 'satisfied'],
    [['good', 'good', 'other', 'other', 'third'], 'not-satisfied'],
    [['other', 'other', 'other', 'good', 'good'], 'not-satisfied'],
    [['good', 'good', 'failed', 'failed', 'failed'], 'undecided'],
  ])('builders that say %j', async (variants, outcome) => {
    expect(await audit(played(variants))).toMatchObject({ outcome });
  });

  test('weakly witnessed results do not count where the policy refuses them', async () => {
    const round = new HandRound(new MemoryLog(), hands);
    for (const hand of hands) round.commit(hand);
    round.close();
    for (const [at, hand] of hands.entries()) round.reveal(hand, at < 3 ? null : round.log.note());
    round.decide();
    const bundle = round.bundle();
    expect(await audit(bundle)).toMatchObject({ outcome: 'satisfied' });
    const strict = await audit(bundle, policyOf(hands, { refuseWeaklyWitnessed: true }));
    expect([strict.outcome, codesOf(strict)]).toEqual(['undecided', []]);
  });

  test('a warm build does not count where the policy wants cold ones, and still contradicts', async () => {
    const warm = { ...hands[0]!, signer: quickSigner(60), facts: { 'build.cache': 'warm' } };
    for (const [variant, verdict] of [
      ['good', 5],
      ['other', 4],
    ] as const) {
      const all = [...hands, { ...warm, variant }];
      const bundle = new HandRound(new MemoryLog(), all).play().bundle();
      const found = await audit(bundle, policyOf(all, { coldBuildsOnly: true }));
      expect(found.artifacts[0]?.clusters[0]?.operators).toHaveLength(verdict);
    }
    const alone = hands.map((hand) => (hand.operator === 'alice' ? warm : hand));
    const bundle = new HandRound(new MemoryLog(), alone).play().bundle();
    const found = await audit(bundle, policyOf(alone, { coldBuildsOnly: true }));
    expect(found.artifacts[0]?.clusters[0]?.operators).toEqual(['bob', 'carol', 'dave', 'erin']);
  });

  test('what no proposal elects is held against what enough operators read as published', async () => {
    const policy = policyOf(hands, { artifacts: [SETUPOS] });
    for (const [reads, verdict, outcome] of [
      [['good', 'good', 'good'], 'reproduced', 'satisfied'],
      [['good', 'good', 'other'], 'agreed', 'undecided'],
      [['other', 'other', 'other'], 'contradicted', 'not-satisfied'],
    ] as const) {
      const readers = hands.map((hand, at) => ({ ...hand, ...(at < 3 && reading(reads[at]!)) }));
      const found = await audit(new HandRound(new MemoryLog(), readers).play().bundle(), policy);
      expect([found.artifacts[1]?.verdict, found.outcome]).toEqual([verdict, outcome]);
    }
  });

  test('what a builder read that does not count takes its operator’s reading, and makes none', async () => {
    const readers = hands.map((hand, at) => ({ ...hand, ...(at < 3 && reading('good')) }));
    const [alice, , , dave] = readers;
    const warm = { signer: quickSigner(60), facts: { 'build.cache': 'warm' } };
    const policy = { threshold: '3', artifacts: [SETUPOS] };
    const outcomeOf = async (all: readonly Hand[], over: Partial<PolicyFile>): Promise<string> => {
      const bundle = new HandRound(new MemoryLog(), all).play().bundle();
      return (await audit(bundle, policyOf(all, { ...policy, ...over }))).outcome;
    };
    const unlike = [...readers, { ...alice!, ...warm, ...reading('other') }];
    expect(await outcomeOf(unlike, {})).toBe('undecided');
    expect(await outcomeOf(unlike, { coldBuildsOnly: true })).toBe('undecided');
    const helping = [...readers.slice(1), { ...dave!, ...warm, ...reading('good') }];
    expect(await outcomeOf(helping, {})).toBe('satisfied');
    expect(await outcomeOf(helping, { coldBuildsOnly: true })).toBe('undecided');
  });

  test('a builder that the round lists beside a trusted one can take its vote, never make it', async () => {
    const beside = { operator: 'alice', signer: quickSigner(61), variant: 'other' };
    const policy = policyOf(hands);
    const contradicting = new HandRound(new MemoryLog(), [...hands, beside]).play().bundle();
    const found = await audit(contradicting, policy);
    expect(found.artifacts[0]?.selfContradicting).toMatchObject([{ operator: 'alice' }]);
    const failing = fiveHands(['failed']);
    const helping = { ...beside, variant: 'good' };
    const helped = new HandRound(new MemoryLog(), [...failing, helping]).play().bundle();
    const cluster = (await audit(helped, policy)).artifacts[0]?.clusters[0];
    expect(cluster?.operators).toEqual(['bob', 'carol', 'dave', 'erin']);
  });
});

describe('an expected digest', () => {
  test('without a proposal is the coordinator’s own, and bad evidence', async () => {
    const round = goodRound({ proposal: null });
    expect(codesOf(await audit(round.bundle({ proposal: null })))).toEqual(['expected-unproven']);
  });

  test('that the proposal does not name is bad evidence', async () => {
    const [guestos, setupos] = goodRound().open.release.artifacts;
    const artifacts = [{ ...guestos!, expected: 'a'.repeat(64) }, setupos!];
    const round = goodRound({ release: { ...goodRound().open.release, artifacts } });
    expect(codesOf(await audit(round.bundle()))).toEqual(['expected-unproven']);
  });

  test.each<[string, string, (line: ProposalLine) => ProposalLine | null]>([
    ['without its proposal', 'proposal-missing', () => null],
    ['with another payload', 'proposal-wrong', (line) => ({ ...line, payload: 'AAAA' })],
    ['with other evidence', 'proposal-wrong', (line) => ({ ...line, evidence: { a: 1 } })],
  ])('in a bundle %s is not proven', async (_what, code, forge) => {
    const forged = rewritten(good, (line) => (line.type === 'proposal' ? forge(line) : line));
    expect(codesOf(await audit(forged))).toEqual([code]);
  });

  test('under a certificate that does not hold is not proven', async () => {
    const found = await audit(good, policyOf(), {
      verifyCertificate: () => Promise.reject(new Error('signature does not verify')),
    });
    expect([found.outcome, codesOf(found)]).toEqual(['bad-evidence', ['certificate-wrong']]);
  });
});

test('what is no bundle is bad evidence', async () => {
  for (const text of ['', '{}\n', 'a poem\n', '\ufeff{}', good.slice(1)]) {
    expect(await audit(text)).toMatchObject({ outcome: 'bad-evidence', artifacts: [] });
  }
  expect(codesOf(await audit(Uint8Array.of(0xff, 0xfe)))).toEqual(['not-a-bundle']);
});

function strangeWitness(): string {
  return WITNESS_POLICY.replace(/^group .*$/m, 'group enough 4 w1 w2 w3 w4').replace(
    /^witness w4 .*$/m,
    () => `witness w4 ${vkeyOfStranger()}`,
  );
}

function vkeyOfStranger(): string {
  return formatCosignerVkey('w4', quickSigner(99).publicKey);
}
