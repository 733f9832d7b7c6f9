import { describe, expect, test } from 'vitest';
import { CAUSES } from '../causes/catalogue.js';
import { fileAt } from '../classes/excerpt.fixture.js';
import { DIFFERENCE_CLASSES, type Comparison, type Finding } from '../difference.js';
import type { FactValue, Observation } from '../explanation.js';
import { proposeExperiment } from '../experiment/propose-experiment.js';
import { seededChance, type Chance } from '../statistics/chance.js';
import { groupsThatHold } from '../statistics/grouping.js';
import { separators } from '../statistics/separators.js';
import { conclude, type Concluded, type ExperimentOutcome } from './conclude.js';

type Facts = Readonly<Record<string, FactValue>>;

/** Builders of two clusters, each with the facts of its place. */
function split(left: readonly Facts[], right: readonly Facts[]): Observation[] {
  return [left, right].flatMap((members, side) =>
    members.map((facts, index) => ({
      builder: `${side === 0 ? 'left' : 'right'}-${index}`,
      cluster: side === 0 ? 'L' : 'R',
      facts,
    })),
  );
}

function times(count: number, facts: Facts): Facts[] {
  return Array.from({ length: count }, () => facts);
}

function finding(kind: Finding['class'], more: Partial<Finding> = {}): Finding {
  return { difference: fileAt(`etc/${kind}`), class: kind, detail: 'x', seenFacts: [], ...more };
}

function unseen(notLookedAt: 'file' | 'part'): Finding {
  return finding('unknown', { notLookedAt });
}

function told(
  observations: readonly Observation[],
  findings: readonly Finding[],
  outcomes: readonly ExperimentOutcome[] = [],
): Concluded {
  return conclude({
    ...{ observations, outcomes },
    separators: separators(observations).groups,
    comparisons: findings.length === 0 ? [] : [{ left: 'L', right: 'R', findings }],
  });
}

const causesOf = ({ suspicions }: Concluded): string[] => suspicions.map(({ cause }) => cause);

const suspects = split(
  times(3, { 'locale.collation': 'C', 'temp.filesystem': 'ext4', 'cpu.count': 4 }),
  times(2, { 'locale.collation': 'en_US.UTF-8', 'temp.filesystem': 'tmpfs', 'cpu.count': 4 }),
);

describe('five builders', () => {
  test('are explained by a trace, whatever the numbers say', () => {
    expect(told(suspects, [finding('timestamp')])).toMatchObject({
      ...{ conclusion: 'explained', suspicions: [{ cause: 'timestamp', grounds: 'trace' }] },
    });
  });

  test('are never explained by numbers alone', () => {
    expect(told(suspects, [])).toMatchObject({ conclusion: 'unexplained', suspicions: [] });
  });

  test('are unexplained where the bytes show nothing that is known', () => {
    expect(told(suspects, [finding('unknown')]).conclusion).toBe('unexplained');
  });

  test('are unexplained where a part of the bytes is, and that part is told', () => {
    const both = told(suspects, [finding('timestamp'), finding('unknown')]);
    expect([both.conclusion, causesOf(both)]).toEqual(['unexplained', ['timestamp']]);
  });

  test('are explained by a pair of causes, each with a trace of its own', () => {
    const both = told(suspects, [finding('timestamp'), finding('package-version')]);
    expect([both.conclusion, causesOf(both)]).toEqual([
      'explained',
      ['timestamp', 'package-drift'],
    ]);
  });

  test('need no cause for what is a mere consequence', () => {
    const implied = finding('unknown', { impliedBy: ['', 'x'] });
    expect(told(suspects, [finding('timestamp'), implied]).conclusion).toBe('explained');
  });

  test('are not explained by a cause whose fact they share', () => {
    const shared = split(times(3, { 'user.umask': '022' }), times(2, { 'user.umask': '022' }));
    const modes = finding('mode-owner', {
      difference: fileAt('x', { aspects: ['mode'], left: { mode: '1' }, right: { mode: '2' } }),
    });
    expect(told(shared, [modes])).toMatchObject({ conclusion: 'unexplained', suspicions: [] });
  });

  test('nor by a value in the bytes that builders with equal bytes do not share', () => {
    const names = split(
      ['a', 'b'].map((name) => ({ 'machine.hostname': name })),
      [{ 'machine.hostname': 'c' }],
    );
    expect(told(names, [finding('hostname')]).conclusion).toBe('unexplained');
  });
});

describe('what was not looked at', () => {
  const cut = (builders: readonly Observation[], more: Partial<Comparison>): Concluded =>
    conclude({
      ...{ observations: builders, separators: separators(builders).groups },
      comparisons: [{ left: 'L', right: 'R', findings: [finding('timestamp')], ...more }],
    });

  test.each([
    ['differences that were counted only', { untold: 1 }],
    ['places in which more may differ', { truncated: true }],
    ['a part of a file', { findings: [finding('timestamp'), unseen('part')] }],
    ['a file', { findings: [finding('timestamp'), unseen('file')] }],
  ])('is never taken for nothing: %s', (_, more) => {
    const concluded = cut(suspects, more);
    expect([concluded.conclusion, causesOf(concluded)]).toEqual(['unexplained', ['timestamp']]);
  });

  test('keeps nobody from an explanation that numbers hold up', () => {
    const builders = split(times(10, { 'user.umask': '022' }), times(10, { 'user.umask': '077' }));
    expect(cut(builders, { truncated: true }).conclusion).toBe('explained');
  });

  test('is nothing where findings were left out beside their like', () => {
    expect(cut(suspects, { unlisted: 100 }).conclusion).toBe('explained');
  });

  test('shows no trace, whatever class it is given', () => {
    expect(cut(suspects, { findings: [{ ...finding('timestamp'), notLookedAt: 'part' }] })).toEqual(
      {
        ...{ conclusion: 'unexplained', suspicions: [], open: [] },
      },
    );
  });
});

describe('two causes that fit', () => {
  const ambiguous = told(suspects, [finding('ordering')]);

  test('are ambiguous, and both are told', () => {
    expect(ambiguous.conclusion).toBe('ambiguous');
    expect(causesOf(ambiguous)).toEqual(['locale-order', 'unsorted-directory']);
    expect(ambiguous.open).toEqual([
      { cause: 'locale-order', facts: ['locale.collation'] },
      { cause: 'unsorted-directory', facts: ['temp.filesystem'] },
    ]);
  });

  test('have an experiment whose outcome decides it, either way', () => {
    const steady = [...suspects.map(({ builder }) => builder)];
    const next = proposeExperiment({ observations: suspects, hypotheses: ambiguous.open, steady });
    const builder = next?.builder ?? '';
    const fact = next?.change?.fact ?? '';
    expect(['locale.collation', 'temp.filesystem']).toContain(fact);
    const before = suspects.find((each) => each.builder === builder)?.cluster ?? '';
    const moved = { builder, fact, before, after: before === 'L' ? 'R' : 'L' };
    const [named, other] =
      fact === 'locale.collation'
        ? ['locale-order', 'unsorted-directory']
        : ['unsorted-directory', 'locale-order'];
    const itIs = told(suspects, [finding('ordering')], [moved]);
    expect([itIs.conclusion, causesOf(itIs), itIs.open]).toEqual(['explained', [named], []]);
    const itIsNot = told(suspects, [finding('ordering')], [{ ...moved, after: before }]);
    expect([itIsNot.conclusion, causesOf(itIsNot)]).toEqual(['explained', [other]]);
  });

  test('are both ruled out where a builder disagrees with itself', () => {
    const itself = { builder: 'left-0', fact: null, before: 'L', after: 'other' };
    expect(told(suspects, [finding('ordering')], [itself]).conclusion).toBe('unexplained');
  });

  test('are told apart by numbers, where these hold one of them up', () => {
    const builders = split(
      times(10, { 'locale.collation': 'C' }),
      times(10, { 'locale.collation': 'en_US.UTF-8' }),
    );
    expect(told(builders.slice(8, 13), [finding('ordering')]).conclusion).toBe('ambiguous');
    expect(causesOf(told(builders, [finding('ordering')]))).toEqual(['locale-order']);
  });
});

describe('twenty builders', () => {
  const clean = times(10, { 'user.umask': '022', 'x.other': 'a' });
  const odd = times(10, { 'user.umask': '077', 'x.other': 'a' });

  test('are explained by one fact that parts them', () => {
    expect(told(split(clean, odd), [])).toMatchObject({
      ...{ conclusion: 'explained', suspicions: [{ cause: 'umask-mode', grounds: 'statistics' }] },
    });
  });

  test('are explained by it even where the bytes say nothing, and then not by its trace', () => {
    expect(told(split(clean, odd), [finding('unknown')])).toMatchObject({
      ...{ conclusion: 'explained', suspicions: [{ cause: 'fact:user.umask' }] },
    });
  });

  test('are ambiguous where facts of two causes part them alike', () => {
    const [left, right] = [clean, odd].map((members, side) =>
      members.map((facts) => ({ ...facts, 'locale.collation': side === 0 ? 'C' : 'de_CH' })),
    );
    const both = told(split(left ?? [], right ?? []), []);
    expect([both.conclusion, causesOf(both).toSorted()]).toEqual([
      'ambiguous',
      ['locale-order', 'umask-mode'],
    ]);
  });

  test('are one hypothesis by facts that no cause is known of', () => {
    const [left, right] = [clean, odd].map((members, side) =>
      members.map(() => ({ 'x.one': side, 'x.two': `${side}` })),
    );
    const one = told(split(left ?? [], right ?? []), []);
    expect([one.conclusion, one.suspicions[0]?.facts.toSorted()]).toEqual([
      ...['explained', ['x.one', 'x.two']],
    ]);
  });

  test('are ambiguous where bytes and numbers name different facts', () => {
    const named = [clean, odd].map((members, side) =>
      members.map((facts) => ({ ...facts, 'machine.hostname': `sha256:${side}` })),
    );
    const unlike = named.map((members, side) =>
      members.map((facts, index) => ({
        ...facts,
        'machine.hostname': index < 9 ? null : `${side}`,
      })),
    );
    const builders = split(unlike[0] ?? [], unlike[1] ?? []);
    const both = told(builders, [finding('hostname')]);
    expect([both.conclusion, causesOf(both)]).toEqual([
      'ambiguous',
      ['hostname', 'fact:user.umask'],
    ]);
  });
});

test('a fact that was seen in one of the findings speaks of their cause, whichever comes first', () => {
  const builders = split(times(10, { 'x.one': 'a' }), times(10, { 'x.one': 'b' }));
  const findings = [finding('hostname', { seenFacts: ['x.one'] }), finding('hostname')];
  for (const some of [findings, findings.toReversed()]) {
    const { conclusion, suspicions } = told(builders, some);
    expect([conclusion, suspicions.map(({ cause }) => cause)]).toEqual(['explained', ['hostname']]);
  }
});

/** Any evidence at all: clusters, facts of the catalogue and others, findings of every class. */
function anyEvidence(chance: Chance): { builders: Observation[]; findings: Finding[] } {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(chance() * values.length)]!;
  const names = [...CAUSES.flatMap(({ facts }) => facts), 'x.one', 'x.two', 'x.three'];
  const used = Array.from({ length: 12 }, () => pick(names));
  const builders = Array.from({ length: 4 + Math.floor(chance() * 16) }, (_, index) => ({
    builder: `b${index}`,
    cluster: index === 0 ? 'L' : index === 1 ? 'R' : pick(['L', 'R']),
    facts: Object.fromEntries(used.map((name) => [name, pick(['a', 'b', null])])),
  }));
  const aspects = ['content', 'mode', 'owner', 'time', 'order', 'header'] as const;
  const findings = Array.from({ length: Math.floor(chance() * 4) }, (_, index) => ({
    ...finding(pick(DIFFERENCE_CLASSES)),
    difference: fileAt(`f${index}`, { aspects: [pick(aspects)] }),
    seenFacts: chance() < 0.3 ? [pick(used)] : [],
  }));
  return { builders, findings };
}

describe('whatever the evidence is', () => {
  const chance = seededChance(30);
  const cases = Array.from({ length: 300 }, () => anyEvidence(chance));

  test('nothing is explained without a trace for each root cause, or a corrected p of 0.01', () => {
    for (const { builders, findings } of cases) {
      const { conclusion, suspicions } = told(builders, findings);
      if (conclusion !== 'explained') continue;
      const holds = groupsThatHold(separators(builders).groups).length > 0;
      const isTraced =
        findings.length > 0 && suspicions.every(({ grounds }) => grounds === 'trace');
      expect([holds || isTraced, suspicions.length > 0]).toEqual([true, true]);
    }
  });

  test('a fact that does not vary changes nothing', () => {
    for (const { builders, findings } of cases) {
      const more = builders.map((each) => ({ ...each, facts: { ...each.facts, 'x.fix': 'same' } }));
      expect(told(more, findings)).toEqual(told(builders, findings));
    }
  });

  test('an irrelevant fact never makes what is unexplained explained', () => {
    for (const { builders, findings } of cases) {
      if (told(builders, findings).conclusion !== 'unexplained') continue;
      const noise = builders.map((each) => ({
        ...each,
        facts: { ...each.facts, 'x.noise': chance() < 0.5 ? 'a' : 'b' },
      }));
      // By chance alone a fact is not irrelevant: it parts many builders just as their bytes do.
      if (groupsThatHold(separators(noise).groups).length > 0) continue;
      expect(told(noise, findings).conclusion).not.toBe('explained');
    }
  });

  test('a fact that is withheld rules out no more than one that was told', () => {
    for (const { builders, findings } of cases) {
      const kept = builders.map((each) => ({ ...each, facts: {} }));
      const before = told(builders, findings).suspicions.filter(
        ({ grounds }) => grounds === 'trace',
      );
      const after = causesOf(told(kept, findings));
      for (const { cause } of before) expect(after).toContain(cause);
    }
  });

  test('the order of builders changes nothing', () => {
    for (const { builders, findings } of cases.slice(0, 100)) {
      const { conclusion } = told(builders, findings);
      expect(told(builders.toReversed(), findings).conclusion).toBe(conclusion);
    }
  });

  test('ambiguous means two at least, unexplained has nothing but parts', () => {
    for (const { builders, findings } of cases) {
      const { conclusion, suspicions, open } = told(builders, findings);
      if (conclusion === 'ambiguous') expect(suspicions.length).toBeGreaterThan(1);
      if (conclusion === 'explained') expect(open).toEqual([]);
      for (const { because } of suspicions) expect(because.length).toBeLessThanOrEqual(500);
    }
  });
});
