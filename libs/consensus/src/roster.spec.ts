import { describe, expect, test } from 'vitest';
import { checkRoster } from './roster.js';

const refused = (code: string): unknown => expect.objectContaining({ code });

describe('a roster', () => {
  test('of different operators and builders is taken', () => {
    expect(() => {
      checkRoster([
        { operator: 'alice', builders: ['a-1', 'a-2'] },
        { operator: 'bob', builders: ['b-1'] },
      ]);
    }).not.toThrow();
  });

  test('that lists an operator twice is refused: it would vote twice', () => {
    expect(() => {
      checkRoster([
        { operator: 'alice', builders: ['a-1'] },
        { operator: 'alice', builders: ['a-2'] },
      ]);
    }).toThrow(refused('DUPLICATE_OPERATOR'));
  });

  test('that lists a builder under two operators is refused: one build would be two votes', () => {
    expect(() => {
      checkRoster([
        { operator: 'alice', builders: ['a-1'] },
        { operator: 'bob', builders: ['a-1'] },
      ]);
    }).toThrow(refused('DUPLICATE_BUILDER'));
  });

  test('that lists a builder twice under one operator is refused', () => {
    expect(() => {
      checkRoster([{ operator: 'alice', builders: ['a-1', 'a-1'] }]);
    }).toThrow(refused('DUPLICATE_BUILDER'));
  });

  test('names the offender with its control characters escaped', () => {
    const operator = '\u001b[31malice';
    expect(() => {
      checkRoster([
        { operator, builders: [] },
        { operator, builders: [] },
      ]);
    }).toThrow(/"\\u001b\[31malice"/);
  });
});
