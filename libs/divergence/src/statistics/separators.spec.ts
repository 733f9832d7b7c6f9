import { describe, expect, it } from 'vitest';
import type { FactValue, Observation } from '../explanation.js';
import { seededChance } from './chance.js';
import { separators } from './separators.js';

/** Builders b00, b01, ... of clusters as the letters say, each fact as a list of their values. */
function round(clusters: string, facts: Record<string, readonly FactValue[]>): Observation[] {
  return Array.from(clusters).map((cluster, at) => ({
    builder: `b${String(at).padStart(2, '0')}`,
    cluster,
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, values]) => [name, values[at] ?? null]),
    ),
  }));
}

function namesOf(observations: readonly Observation[]): string[][] {
  return separators(observations).groups.map(({ facts }) => facts.map(({ name }) => name));
}

describe('separators', () => {
  it("gives Fisher's exact p of a fact with two values", () => {
    const { groups } = separators(round('AAAABBBB', { tmpfs: [1, 1, 1, 0, 1, 0, 0, 0] }));
    expect(groups[0]?.pValue).toBeCloseTo(34 / 70, 9);
    expect(groups[0]).toMatchObject({ isPerfect: false, trivial: false, missing: 0, rounds: 1 });
  });

  it('counts facts that part alike as one way, and lists them as one group', () => {
    const [kernel, host] = [[5, 5, 5, 5, 5, 6, 6, 6, 6, 6], Array.from('abcdefghij')];
    const tried = separators(
      round('AAAAABBBBB', { kernel, system: kernel.map((value) => `os ${value}`), host }),
    );
    expect(tried).toMatchObject({ factsTried: 3, waysTried: 1 });
    expect(tried.groups.map(({ facts }) => facts.map(({ name }) => name))).toEqual([
      ['kernel', 'system'],
      ['host'],
    ]);
    expect(tried.groups[0]?.pValue).toBeCloseTo(2 / 252, 9);
    expect(tried.groups[0]?.correctedP).toBeCloseTo(2 / 252, 9);
    expect(tried.groups[0]?.facts[0]?.values).toEqual([[5], [6]]);
  });

  it('finds no evidence in a value of its own for each builder', () => {
    const { groups } = separators(round('AAABB', { host: Array.from('abcde') }));
    expect(groups[0]).toMatchObject({ pValue: 1, correctedP: 1, isPerfect: true });
  });

  it('takes a missing value for no value, and two of them for no equal ones', () => {
    const { groups } = separators(
      round('AAAABBBB', {
        told: [1, 1, 1, 1, 2, 2, 2, 2],
        partly: [1, 1, 1, null, 2, 2, null, null],
      }),
    );
    expect(groups.map(({ missing }) => missing)).toEqual([0, 3]);
    expect(groups[1]).toMatchObject({ isPerfect: true });
    expect(groups[1]?.pValue).toBeCloseTo(1 / 10, 9);
  });

  it('takes a fact that a whole cluster withholds for no perfect one', () => {
    const { groups } = separators(round('AAABB', { zone: [1, 1, 2, null, null] }));
    expect(groups.every(({ isPerfect }) => !isPerfect)).toBe(true);
  });

  it('takes what scripts write as text or as number for one value', () => {
    expect(namesOf(round('AABB', { size: ['4096', 4096, '4096', 4096] }))).toEqual([]);
    const { groups } = separators(round('AABB', { size: [4096, '4096', 1024, '1024'] }));
    expect(groups[0]?.facts[0]?.values.map((told) => told.map(String))).toEqual([
      ['4096'],
      ['1024'],
    ]);
  });

  it('parts numbers that differ on every machine by their size, and pays for the choice', () => {
    const ram = [1, 2, 3, 4, 5, 11, 12, 13, 14, 15];
    const { groups } = separators(round('AAAAABBBBB', { ram }));
    expect(groups[0]?.facts[0]).toMatchObject({ name: 'ram', between: [5, 11] });
    expect(groups[0]?.pValue).toBeCloseTo(2 / 252, 9);
    const apart = separators(round('AAAAAAABBB', { ram })).groups[0];
    // Three of ten below the cut, or three above: a fact of two values had to be right but once.
    expect(apart?.pValue).toBeCloseTo(2 / 120, 9);
  });

  it('says that a sole dissenter makes any fact of its own perfect', () => {
    const { groups } = separators(round('AAAAB', { wsl: [0, 0, 0, 0, 1] }));
    expect(groups[0]).toMatchObject({ trivial: true, isPerfect: true });
    expect(groups[0]?.pValue).toBeCloseTo(1 / 5, 9);
  });

  it('counts builders of one operator with one result once', () => {
    const five = round('AAAAB', { wsl: [0, 0, 0, 0, 1] });
    const park = Array.from({ length: 9 }, (_, at) => ({
      ...five[4]!,
      ...{ builder: `park-${at}`, operator: 'erin' },
    }));
    const { groups, smallestP } = separators([...five.slice(0, 4), ...park]);
    expect(smallestP).toBeCloseTo(1 / 5, 9);
    expect(groups[0]?.trivial).toBe(true);
  });

  it('knows the value that stands apart, though the first builder of an operator withheld it', () => {
    const values = ['1', '2', '3', '4', '5', null, 'x', 'x', 'x'];
    const builders = round('AAAAABBBB', { system: values }).map((each, at) =>
      at === 5 || at === 6 ? { ...each, operator: 'erin' } : each,
    );
    const [group] = separators(builders).groups;
    expect(group).toMatchObject({ isPerfect: true, facts: [{ name: 'system', apart: 'x' }] });
    expect(group?.pValue).toBeCloseTo(1 / 56, 9);
  });

  it('finds a fact no perfect one that differs between builders of one operator alone', () => {
    const observations = round('AAAAB', { wsl: [0, 0, 0, 1, 1] }).map((observation, at) =>
      at === 2 || at === 3 ? { ...observation, operator: 'carol' } : observation,
    );
    expect(separators(observations).groups[0]?.isPerfect).toBe(false);
  });

  it('names a small sample: with 8 builders and 400 facts no p can hold', () => {
    const chance = seededChance(11);
    const facts = Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [
        `fact-${at}`,
        Array.from({ length: 8 }, () => chance() < 0.5),
      ]),
    );
    const { isSmallSample, smallestP, groups } = separators(round('AAAABBBB', facts));
    expect(smallestP).toBeCloseTo(2 / 70, 9);
    expect(isSmallSample).toBe(true);
    expect(groups.every(({ correctedP }) => correctedP > 0.01)).toBe(true);
  });

  it('corrects by the ways that could have been significant, and by all others not', () => {
    const clusters = 'AAAAAAAAAABBBBBBBBBB';
    const cause = Array.from(clusters).map((cluster) => cluster === 'A');
    const noise = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [
        `odd-${at}`,
        Array.from(clusters).map((_, unit) => unit === at),
      ]),
    );
    const { waysTried, groups } = separators(round(clusters, { cause, ...noise }));
    expect(waysTried).toBe(1);
    expect(groups[0]?.correctedP).toBeCloseTo(2 / 184756, 12);
    expect(groups[1]?.correctedP).toBe(1);
  });

  it('takes a finer fact along with what it follows, where both hold', () => {
    const clusters = 'AAAAAAAAAABBBBBBBBBB';
    const system = Array.from(clusters).map((cluster) => (cluster === 'A' ? 22 : 24));
    const kernel = system.map((version, at) => `${version}.${at % 2}`);
    expect(namesOf(round(clusters, { system, kernel }))).toEqual([['system', 'kernel']]);
  });

  it('pools rounds of other machines, whatever their clusters and values are called', () => {
    const now = round('AAAABBBB', { tmpfs: [1, 1, 1, 1, 0, 0, 0, 0] });
    const then = round('XXXXYYYY', { tmpfs: ['s', 's', 's', 's', 't', 't', 't', 't'] }).map(
      (observation) => ({ ...observation, builder: `older ${observation.builder}` }),
    );
    const pooled = separators(now, { earlier: [then] }).groups[0];
    expect(pooled?.rounds).toBe(2);
    expect(pooled?.pValue).toBeCloseTo((2 / 70) ** 2, 9);
  });

  it('counts a machine once, however often it has dissented', () => {
    const now = round('AAAAABBBBB', { wsl: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1] });
    const once = separators(now).groups[0];
    expect(separators(now, { earlier: [now, now, now] }).groups[0]).toEqual(once);
  });

  it('lets earlier rounds make up for nothing that does not hold here', () => {
    const now = round('AAAABBBB', { tmpfs: [1, 1, 1, 0, 1, 0, 0, 0] });
    const earlier = [1, 2, 3].map((age) =>
      round('AAAABBBB', { tmpfs: [1, 1, 1, 1, 0, 0, 0, 0] }).map((observation) => ({
        ...observation,
        builder: `${observation.builder} of ${age}`,
      })),
    );
    expect(separators(now, { earlier }).groups[0]?.pValue).toBeCloseTo(34 / 70, 9);
  });

  it.each([
    ['a', 'b'],
    ['b', 'a'],
  ])('tests facts that part alike now by what each was earlier: %s, %s', (perfect, other) => {
    const values = [1, 1, 1, 1, 2, 2, 2, 2];
    const now = round('AAAABBBB', { [perfect]: values, [other]: values });
    // The same values one after the other, of other builders.
    const then = round('XXXXXYYYYY', {
      [perfect]: [1, 1, 1, 1, null, 2, 2, 2, 2, null],
      [other]: [null, null, ...values],
    }).map((each) => ({ ...each, builder: `older ${each.builder}` }));
    const { groups, waysTried } = separators(now, { earlier: [then] });
    expect(waysTried).toBe(2);
    expect(groups.map(({ facts }) => facts.map(({ name }) => name))).toEqual([[perfect, other]]);
    expect(groups[0]?.pValue).toBeCloseTo((2 / 70) ** 2, 9);
    expect(groups[0]?.correctedP).toBeCloseTo(2 * (2 / 70) ** 2, 9);
  });

  it('counts facts as one way that part alike but for machines that count already', () => {
    const values = [1, 1, 1, 1, 2, 2, 2, 2];
    const now = round('AAAABBBB', { one: values, other: values });
    const older = round('XXXXYYYY', { one: values, other: values }).map((each) => ({
      ...each,
      builder: `older ${each.builder}`,
    }));
    // In this round it is counted: what it was before is no other way.
    const again = { builder: 'b00', cluster: 'X', facts: { one: 1, other: 3 } };
    expect(separators(now, { earlier: [[again, ...older]] }).waysTried).toBe(1);
  });

  it('gives the same for builders in any order', () => {
    const chance = seededChance(3);
    const observations = round(
      'AAAABBBCC',
      Object.fromEntries(
        Array.from({ length: 40 }, (_, at) => [
          `fact-${at}`,
          Array.from({ length: 9 }, () => Math.floor(chance() * 4)),
        ]),
      ),
    );
    expect(separators(observations.toReversed())).toEqual(separators(observations));
  });

  it('reads no fact from what objects have of their own', () => {
    const facts = JSON.parse('{"__proto__":1,"constructor":2}') as Observation['facts'];
    const observations = ['A', 'B'].map((cluster) => ({ builder: cluster, cluster, facts: {} }));
    const told = separators([{ ...observations[0]!, facts }, observations[1]!]);
    expect(told).toMatchObject({ factsTried: 2, groups: [] });
  });

  it.each([
    ['one cluster', round('AAAA', {}), 'BAD_CLUSTERS'],
    ['a builder twice', [...round('A', {}), ...round('B', {})], 'BAD_CLUSTERS'],
    ['more builders than are compared', round('AB'.repeat(501), {}), 'TOO_LARGE'],
  ])('refuses %s', (_, observations, code) => {
    expect(() => separators(observations)).toThrow(expect.objectContaining({ code }));
  });
});
