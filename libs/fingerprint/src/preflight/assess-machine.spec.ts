import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSafeFactText } from '../fact-text.js';
import { assessMachine, failureOf } from './assess-machine.js';
import type { MachineNeeds } from './finding.js';
import { jobsFor } from './jobs.js';
import type { Machine, MachineCheck } from './machine-check.js';
import { machineChecks } from './machine-checks.js';
import { podmanNeeds, soundMachine } from './sound-machine.fixture.js';

const table: readonly MachineCheck[] = machineChecks;
const hardNames = table.filter(({ hard }) => hard !== null).map(({ name }) => name);
const UNREADABLE = Object.fromEntries(
  Object.entries(soundMachine).map(([name, value]) => {
    const isTold = name.startsWith('path.') || name === 'shell.nix';
    return [name, isTold ? value : null];
  }),
) as unknown as Machine;

/** Machines of which every fact may be missing, usual, or nonsense of the right kind. */
const machines: fc.Arbitrary<Machine> = fc
  .record(
    Object.fromEntries(
      Object.entries(soundMachine).map(([name, value]) => {
        const usual = fc.constant(value);
        if (name.startsWith('path.') || name === 'shell.nix') return [name, usual];
        if (name.startsWith('folder.')) {
          const states = ['writable', 'not-writable', 'cannot-be-made', 'not-a-folder'];
          return [name, fc.constantFrom(null, ...states)];
        }
        return [name, fc.oneof(usual, fc.constant(null), nonsense(typeof value))];
      }),
    ),
  )
  .map((machine) => machine as unknown as Machine);

function nonsense(kind: string): fc.Arbitrary<unknown> {
  if (kind === 'number') return fc.integer({ min: 0, max: 2 ** 45 });
  if (kind === 'boolean') return fc.boolean();
  return fc.oneof(
    fc.constantFrom('none', 'wsl1', 'wsl2', 'asks', 'free', '0.0', '3.1', '2.9.11', 'virtualbox'),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
  );
}

const needs: fc.Arbitrary<MachineNeeds> = fc.record({
  engine: fc.constantFrom('docker', 'podman', null),
  minimumDiskBytes: fc.integer({ min: 0, max: 2 ** 45 }),
  tempBlockSizeBytes: fc.constantFrom(null, 1024, 4096),
});

describe('a machine with which nothing is wrong', () => {
  test('is found so by every check that concerns it', () => {
    const findings = assessMachine(soundMachine, podmanNeeds);
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(findings.flatMap(({ fix }) => fix)).toEqual([]);
    expect(findings.length).toBeGreaterThan(25);
  });

  test('is asked in the order of the table', () => {
    const names = assessMachine(soundMachine, podmanNeeds).map(({ check }) => check);
    expect(names).toEqual(table.map(({ name }) => name).filter((name) => names.includes(name)));
  });
});

describe('a machine of which nothing can be read', () => {
  test.for([podmanNeeds, { ...podmanNeeds, engine: null }, { ...podmanNeeds, engine: 'docker' }])(
    'is blamed for nothing: %j',
    (asked) => {
      const levels = assessMachine(UNREADABLE, asked as MachineNeeds).map(({ level }) => level);
      expect(levels).toContain('unknown');
      expect(levels.filter((level) => level === 'warning' || level === 'error')).toEqual([]);
    },
  );
});

describe('whatever the machine says', () => {
  test('each finding has its reason, and each fault what to do', () => {
    fc.assert(
      fc.property(machines, needs, (machine, asked) => {
        const findings = assessMachine(machine, asked);
        expect(new Set(findings.map(({ check }) => check)).size).toBe(findings.length);
        for (const { check, level, found, expected, why, source, fix } of findings) {
          expect(why.length, check).toBeGreaterThan(10);
          expect(expected, check).not.toBe('');
          expect(found, check).not.toBe('');
          expect(isSafeFactText(found), check).toBe(true);
          expect(source, check).not.toBe('');
          if (level === 'error') expect(hardNames).toContain(check);
          if (level === 'warning' || level === 'error') expect(fix, check).not.toEqual([]);
          if (level === 'ok') expect(fix, check).toEqual([]);
          for (const { text, command, file } of fix) {
            expect(text.length, check).toBeGreaterThan(5);
            expect(command !== null && file !== undefined, check).toBe(false);
          }
        }
      }),
    );
  });

  test('there is at least one job, and no more than processors', () => {
    fc.assert(
      fc.property(machines, (machine) => {
        const { 'cpu.count': count } = machine;
        const jobs = jobsFor(machine);
        expect(jobs).toBeGreaterThanOrEqual(1);
        expect(jobs).toBeLessThanOrEqual(Math.max(1, typeof count === 'number' ? count : 1));
      }),
    );
  });
});

describe('the table', () => {
  test('names every check once, and says of each what it does', () => {
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
    for (const { name, hard, warns, expected, why } of table) {
      expect(name).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
      expect(hard !== null || warns !== null, name).toBe(true);
      expect(expected.length, name).toBeGreaterThan(1);
      expect(why, name).toMatch(/^\S.{9,}[^.]$/);
    }
  });

  test('is hard exactly where a build cannot end well', () => {
    expect(hardNames.toSorted()).toEqual([
      ...['architecture', 'bash', 'build-disk', 'build-folder', 'cache-disk', 'cache-folder'],
      ...['engine', 'flock', 'git', 'home-folder', 'sudo', 'temp-block-size', 'temp-folder'],
    ]);
  });

  test.for([
    ['architecture', 'build-error'],
    ['temp-block-size', 'build-error'],
    ['build-disk', 'out-of-space'],
    ['temp-folder', 'permission'],
    ['engine', 'missing-tool'],
    ['git', 'missing-tool'],
  ] as const)('makes of %s a failure of class %s', ([check, failure]) => {
    expect(failureOf({ check })).toBe(failure);
  });
});

describe('jobs', () => {
  test.for([
    [8, 16e9, 8],
    [8, 8.2e9, 4],
    [4, 64e9, 4],
    [16, 1e9, 1],
    [16, null, 16],
    [null, 64e9, 1],
  ] as const)('%s processors and %s bytes run %s', ([count, ram, jobs]) => {
    expect(jobsFor({ 'cpu.count': count, 'memory.ram': ram })).toBe(jobs);
  });
});
