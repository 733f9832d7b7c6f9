import { describe, expect, test } from 'vitest';
import { catalogue, definitionOf, unknownBuild, withBuildFacts } from './index.js';
import type { BuildFacts, MachineFacts } from './index.js';
import { machineCatalogue } from './machine-catalogue.js';

const machine = Object.fromEntries(
  machineCatalogue.map(({ name }) => [name, null]),
) as unknown as MachineFacts;

describe('the catalogue', () => {
  test('names every fact once, and builds tell exactly theirs', () => {
    const names = catalogue.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(withBuildFacts(machine, {})).sort()).toEqual([...names].sort());
  });

  test('says of every fact why it is asked', () => {
    for (const { name, why } of catalogue) {
      expect(name).toMatch(/^[a-z]+(\.[a-z-]+)+$/);
      expect(why.length).toBeGreaterThan(10);
    }
  });

  test('keeps host, user, paths and the private configuration from leaving in the clear', () => {
    const salted = catalogue.filter(({ privacy }) => privacy === 'salted').map(({ name }) => name);
    expect(salted).toEqual([
      'machine.hostname',
      'user.name',
      'user.home',
      'build.path',
      'container.run-conf-digest',
    ]);
  });

  test('knows no other name', () => {
    expect(definitionOf('os.kernel').privacy).toBe('public');
    for (const name of ['os.kernal', '__proto__', 'constructor', '']) {
      expect(() => definitionOf(name)).toThrow(expect.objectContaining({ code: 'UNKNOWN_FACT' }));
    }
  });
});

describe('what a build tells', () => {
  test('stands beside what was measured; the rest is unknown, not left out', () => {
    const facts = withBuildFacts(machine, { 'source.clean': true, 'build.driver': 'bazel' });
    expect(facts).toEqual({
      ...machine,
      ...unknownBuild,
      'source.clean': true,
      'build.driver': 'bazel',
    });
  });

  test('cannot overwrite what was measured', () => {
    const lie = { 'os.kernel': '0.0' } as Partial<BuildFacts>;
    expect(() => withBuildFacts(machine, lie)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FACT' }),
    );
  });

  test.each<Partial<BuildFacts>>([
    { 'source.clean': 'yes' },
    { 'build.command': 7 },
    { 'build.driver': true },
  ])('%j has the wrong kind', (build) => {
    expect(() => withBuildFacts(machine, build)).toThrow(
      expect.objectContaining({ code: 'WRONG_KIND' }),
    );
  });
});
