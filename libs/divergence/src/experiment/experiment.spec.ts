import { describe, expect, it } from 'vitest';
import type { Observation } from '../explanation.js';
import { applyOutcome } from './apply-outcome.js';
import { explainArtifact } from '../paragraph/explain-artifact.js';
import { proposeExperiment } from './propose-experiment.js';

const ALIKE = { 'temp.block-size': 4096, 'locale.lang': 'C', 'user.umask': '0022' };
const OTHER = { 'temp.block-size': 1024, 'locale.lang': 'de', 'user.umask': '0022' };
const OBSERVATIONS: readonly Observation[] = [
  { builder: 'alice', cluster: 'A', facts: ALIKE },
  { builder: 'bob', cluster: 'A', facts: ALIKE },
  { builder: 'carol', cluster: 'A', facts: ALIKE },
  { builder: 'dave', cluster: 'B', facts: OTHER },
  { builder: 'erin', cluster: 'B', facts: OTHER },
];
const HOLES = { cause: 'holes', facts: ['temp.block-size'] };
const ORDER = { cause: 'order', facts: ['locale.lang'] };
const BOTH = [HOLES, ORDER];

describe('proposeExperiment', () => {
  it('has the builder build once more unchanged, before anything is changed on it', () => {
    const next = proposeExperiment({ observations: OBSERVATIONS, hypotheses: BOTH });
    expect(next).toMatchObject({ builder: 'dave', change: null });
  });

  it('changes one fact of a dissenter to what the others have', () => {
    const next = proposeExperiment({
      ...{ observations: OBSERVATIONS, hypotheses: BOTH, steady: ['dave'] },
      names: { dave: 'Dave', alice: 'Alice' },
    });
    expect(next).toMatchObject({
      builder: 'dave',
      change: { fact: 'temp.block-size', from: 1024, to: 4096 },
    });
    expect(next?.text).toBe(
      'Dave builds once more, with "temp.block-size" changed from 1024 to 4096 as Alice has it, ' +
        'and nothing else: if the bytes of Alice come out, this fact is the cause; if the old ones ' +
        'do, it is not',
    );
  });

  it('prefers a builder that is known to be steady', () => {
    const next = proposeExperiment({
      ...{ observations: OBSERVATIONS, hypotheses: BOTH, steady: ['bob'] },
    });
    expect(next).toMatchObject({ builder: 'bob', change: { fact: 'temp.block-size', to: 1024 } });
  });

  it('changes the fact that leaves the fewest hypotheses', () => {
    const more = [
      { cause: 'one', facts: ['user.umask'] },
      ...['two', 'three'].map((cause) => ({ cause, facts: ['locale.lang'] })),
      HOLES,
    ];
    const next = proposeExperiment({
      ...{ observations: OBSERVATIONS, hypotheses: more, steady: ['dave'] },
    });
    expect(next?.change?.fact).toBe('locale.lang');
  });

  it('asks a builder of the smallest cluster where nothing is suspected', () => {
    const next = proposeExperiment({ observations: OBSERVATIONS, hypotheses: [] });
    expect(next).toMatchObject({ builder: 'dave', change: null });
  });

  it.each([
    ['one hypothesis is left', [HOLES], []],
    ['nothing is suspected and a builder is steady', [], ['dave']],
    ['no fact tells them apart', [{ cause: 'x', facts: [] }, HOLES, { ...HOLES }], ['dave', 'x']],
    ['all name the same fact', [HOLES, { ...HOLES, cause: 'also' }], ['dave']],
  ])('proposes nothing where %s', (what, hypotheses, steady) => {
    const next = proposeExperiment({ observations: OBSERVATIONS, hypotheses, steady });
    if (what === 'no fact tells them apart') expect(next?.change?.fact).toBe('temp.block-size');
    else expect(next).toBeNull();
  });

  it('shows no value that is a digest', () => {
    const observations = OBSERVATIONS.map((observation) => ({
      ...observation,
      facts: {
        ...observation.facts,
        'machine.hostname': `${observation.cluster}${'f'.repeat(63)}`,
      },
    }));
    const hypotheses = [{ cause: 'host', facts: ['machine.hostname'] }, ORDER];
    const next = proposeExperiment({ observations, hypotheses, steady: ['dave'] });
    expect(next?.text).toContain('changed from its own to the value as alice has it');
  });
});

describe('applyOutcome', () => {
  const rebuilt = (fact: string | null, after: string) =>
    applyOutcome(BOTH, { builder: 'dave', fact, before: 'B', after }, ['A', 'B']);

  it('keeps what names the fact that moved the builder', () => {
    expect(rebuilt('temp.block-size', 'A')).toEqual({
      ...{ reading: 'moved', remaining: [HOLES], ruledOut: [ORDER] },
    });
  });

  it('keeps what names a fact that went along, as nobody knows which of them moved the builder', () => {
    const outcome = { builder: 'dave', fact: 'temp.filesystem', before: 'B', after: 'A' };
    const along = ['temp.block-size'];
    expect(applyOutcome(BOTH, { ...outcome, along }, ['A', 'B']).remaining).toEqual([HOLES]);
    const stayed = { ...outcome, after: 'B', along };
    expect(applyOutcome(BOTH, stayed, ['A', 'B']).remaining).toEqual(BOTH);
  });

  it('rules out what names the fact that changed nothing', () => {
    expect(rebuilt('temp.block-size', 'B')).toMatchObject({
      reading: 'stayed',
      remaining: [ORDER],
    });
  });

  it('rules nothing out where new bytes come', () => {
    expect(rebuilt('temp.block-size', 'C')).toMatchObject({ reading: 'new', remaining: BOTH });
  });

  it('suspects the build before the machine, where a builder disagrees with itself', () => {
    expect(rebuilt(null, 'C')).toMatchObject({ reading: 'itself', remaining: [] });
  });

  it('suspects a fact that nobody could keep, where a builder disagrees with itself beside it', () => {
    const warm = { cause: 'warm-cache', facts: ['disk.cache.warm', 'cpu.count'] };
    const outcome = { builder: 'dave', fact: null, before: 'B', after: 'A' };
    const along = ['disk.cache.warm', 'temp.free'];
    const both = [warm, HOLES];
    expect(applyOutcome(both, { ...outcome, along }, ['A', 'B'])).toMatchObject({
      ...{ reading: 'itself', ruledOut: [HOLES] },
      remaining: [{ cause: 'warm-cache', facts: ['disk.cache.warm'] }],
    });
    expect(applyOutcome(both, outcome, ['A', 'B']).remaining).toEqual([]);
  });

  it('rules out what differs from build to build, where a builder agrees with itself', () => {
    const random = { cause: 'random', facts: [], variesAlone: true };
    const outcome = { builder: 'dave', fact: null, before: 'B', after: 'B' };
    expect(applyOutcome([random, HOLES], outcome, ['A', 'B'])).toMatchObject({
      ...{ reading: 'same', remaining: [HOLES], ruledOut: [random] },
    });
  });

  it('keeps what may also follow a fact, where a builder agrees with itself', () => {
    const jobs = { cause: 'parallelism', facts: ['cpu.count'], variesAlone: true };
    const outcome = { builder: 'dave', fact: null, before: 'B', after: 'B' };
    expect(applyOutcome([jobs], outcome, ['A', 'B']).remaining).toEqual([jobs]);
  });

  it('strikes one fact of a hypothesis that names several', () => {
    const several = { cause: 'temp', facts: ['temp.block-size', 'temp.filesystem'] };
    const outcome = { builder: 'dave', fact: 'temp.block-size', before: 'B', after: 'B' };
    expect(applyOutcome([several], outcome, ['A', 'B']).remaining).toEqual([
      { cause: 'temp', facts: ['temp.filesystem'] },
    ]);
  });
});

describe('a cache that is warm by the time of an unchanged re-build', () => {
  const builders = [true, false].flatMap((isWarm) =>
    Array.from({ length: 8 }, (_, at): Observation => ({
      ...{ builder: `${isWarm ? 'w' : 'c'}${at}`, cluster: isWarm ? 'W' : 'C' },
      facts: { 'build.cache': 'local', 'disk.cache.warm': isWarm },
    })),
  );
  const explained = (along: readonly string[]) => {
    const outcome = { builder: 'c0', fact: null, before: 'C', after: 'W', along };
    const split = { artifact: 'x', observations: builders, comparisons: [], outcomes: [outcome] };
    const { conclusion, suspicions } = explainArtifact(split);
    return [conclusion, ...suspicions.map(({ cause }) => cause)];
  };

  it('stays suspected, as it may well have moved the bytes', () => {
    expect(explained(['disk.cache.warm'])).toEqual(['explained', 'warm-cache']);
    expect(explained([])).toEqual(['unexplained']);
  });
});
