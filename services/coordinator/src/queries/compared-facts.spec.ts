import { describe, expect, test } from 'vitest';
import { comparedFacts, type ToldMachine } from './compared-facts.js';

const machine = (
  builder: string,
  facts: ToldMachine['environment']['facts'],
  withheld: string[] = [],
): ToldMachine => ({ builder, environment: { source: 'measured', facts, withheld } });

describe('facts of machines side by side', () => {
  test('are grouped by value, the most frequent first, by name of the fact', () => {
    const facts = comparedFacts([
      machine('c', { os: 'debian', cpu: 4 }),
      machine('a', { os: 'ubuntu', cpu: 4 }),
      machine('b', { os: 'debian', cpu: 4 }),
    ]);
    expect(facts).toEqual([
      {
        fact: 'cpu',
        differs: false,
        values: [{ value: 4, builders: ['a', 'b', 'c'] }],
        withheld: [],
      },
      {
        ...{ fact: 'os', differs: true, withheld: [] },
        values: [
          { value: 'debian', builders: ['b', 'c'] },
          { value: 'ubuntu', builders: ['a'] },
        ],
      },
    ]);
  });

  test('what was withheld or could not be read differs from nothing', () => {
    const [kernel, os] = comparedFacts([
      machine('a', { os: 'debian', kernel: null }),
      machine('b', { kernel: '6.1' }, ['os']),
    ]);
    expect(kernel).toMatchObject({ fact: 'kernel', differs: false });
    expect(os).toMatchObject({ fact: 'os', differs: false, withheld: ['b'] });
  });

  test('a fact called constructor is a fact', () => {
    expect(comparedFacts([machine('a', {}), machine('b', { constructor: 'x' })])).toEqual([
      {
        fact: 'constructor',
        differs: false,
        values: [{ value: 'x', builders: ['b'] }],
        withheld: [],
      },
    ]);
  });

  test('without machines there are none', () => {
    expect(comparedFacts([])).toEqual([]);
  });
});
