import { describe, expect, test } from 'vitest';
import { PROBLEM_CODES } from '#libs/contracts';
import { createProgram } from '../program.js';
import { nextStep } from './next-step.js';

describe('what to do next', () => {
  test.each(Object.entries(PROBLEM_CODES))('is told of %s', (code, status) => {
    expect(nextStep(code, status)).toMatch(/\w{3}/);
  });

  test.each([
    ['no-such-group', '`repro-quorum group list`'],
    ['no-such-round', '`repro-quorum round list`'],
    ['no-such-builder', '`repro-quorum builder list`'],
    ['no-such-invite', '`repro-quorum builder invites`'],
    ['order-unusable', '`repro-quorum builder status BUILDER`'],
  ] as const)('about %s is %s', (code, command) => {
    expect(nextStep(code, PROBLEM_CODES[code])).toContain(command);
  });

  test('names commands that are there', () => {
    const program = createProgram({});
    const told = Object.entries(PROBLEM_CODES).flatMap(([code, status]) => [
      ...nextStep(code, status).matchAll(/`repro-quorum ([a-z -]+)/g),
    ]);
    expect(told.length).toBeGreaterThan(10);
    for (const [, words = ''] of told) {
      let command = program;
      for (const word of words.split(' ').filter((some) => /^[a-z]+$/.test(some))) {
        const next = command.commands.find((one) => one.name() === word);
        if (next === undefined) break;
        command = next;
      }
      const isLeaf = command !== program && command.commands.length === 0;
      expect([words, isLeaf || words.startsWith('--')]).toEqual([words, true]);
    }
  });

  test('is told of a code that nobody knows, and repeats nothing that is none', () => {
    expect(nextStep('brand-new', 418)).toContain('brand-new');
    expect(nextStep('\u001b[2J', 418)).not.toContain('\u001b');
    expect(nextStep('constructor', 503)).toContain('log');
  });
});
