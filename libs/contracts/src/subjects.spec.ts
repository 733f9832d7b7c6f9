import { describe, expect, test } from 'vitest';
import { ATTEST_STREAM, DISPATCH_STREAM, builderDurable } from './streams.js';
import { SUBJECTS, inboxOf, subjectFor } from './subjects.js';

/** NATS' own rule: `*` is one token, `>` the rest. */
function matches(pattern: string, subject: string): boolean {
  const tokens = subject.split('.');
  const parts = pattern.split('.');
  const isOpen = parts.at(-1) === '>';
  if (isOpen ? tokens.length < parts.length : tokens.length !== parts.length) return false;
  return parts.every((part, at) => part === '>' || part === '*' || part === tokens[at]);
}

const ALICE = 'aaaaa-bbbbb-cai';
const all = Object.values(SUBJECTS);
const toBuilder = [
  SUBJECTS.buildRequested,
  SUBJECTS.roundClosed,
  SUBJECTS.receiptsIssued,
  SUBJECTS.verdictLogged,
];
const fromBuilder = [
  SUBJECTS.commitSubmitted,
  SUBJECTS.resultSubmitted,
  SUBJECTS.declined,
  SUBJECTS.verdictAnswered,
];

describe('subjects', () => {
  test('are all different, and end in the builder whom they concern', () => {
    expect(new Set(all).size).toBe(all.length);
    for (const subject of all) {
      expect(subjectFor(subject, ALICE)).toBe(`${subject}.${ALICE}`);
      expect(subjectFor(subject, ALICE).split('.').at(-1)).toBe(ALICE);
    }
  });

  test('of durable messages are kept by exactly one stream; progress and questions by none', () => {
    for (const subject of all) {
      const kept = [DISPATCH_STREAM, ATTEST_STREAM].filter(({ subjects }) =>
        subjects.some((pattern) => matches(pattern, subjectFor(subject, ALICE))),
      );
      const names = kept.map(({ name }) => name);
      if ((toBuilder as string[]).includes(subject)) expect(names).toEqual(['DISPATCH']);
      else if ((fromBuilder as string[]).includes(subject)) expect(names).toEqual(['ATTEST']);
      else expect(names).toEqual([]);
    }
  });

  test('reach a builder’s inbox when they are for it, and no other builder’s', () => {
    for (const subject of all) {
      const isFor = (toBuilder as string[]).includes(subject);
      expect(matches(inboxOf(ALICE), subjectFor(subject, ALICE))).toBe(isFor);
      expect(matches(inboxOf('other'), subjectFor(subject, ALICE))).toBe(false);
    }
  });

  test('name a durable consumer that is one token', () => {
    expect(builderDurable(ALICE)).toMatch(/^[a-z0-9-]+$/);
  });
});
