import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BuilderStatus } from '#libs/contracts';
import { BUILDER_EVENTS, isServing, statusAfter, type BuilderEvent } from './builder-status.js';

const STATUSES = BuilderStatus.options;
const events = fc.array(fc.constantFrom(...BUILDER_EVENTS), { maxLength: 40 });

/** All statuses that a builder had, from its application on. */
function walk(taken: readonly BuilderEvent[]): BuilderStatus[] {
  return taken.reduce<BuilderStatus[]>(
    (statuses, event) => [...statuses, statusAfter(statuses.at(-1)!, event) ?? statuses.at(-1)!],
    ['applied'],
  );
}

describe('a builder', () => {
  test('that was revoked stays so, whatever comes', () => {
    fc.assert(
      fc.property(events, (taken) => {
        const statuses = walk(taken);
        const first = statuses.indexOf('revoked');
        return first === -1 || statuses.slice(first).every((status) => status === 'revoked');
      }),
    );
  });

  test('is invited and connected only after somebody approved it', () => {
    fc.assert(
      fc.property(events, (taken) => {
        const statuses = walk(taken);
        return statuses.every((status, at) => {
          if (!isServing(status)) return true;
          const past = statuses.slice(0, at + 1);
          const applied = past.lastIndexOf('applied');
          return taken.slice(applied, at).includes('approve');
        });
      }),
    );
  });

  test('stands the same when told the same again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STATUSES),
        fc.constantFrom('pause', 'resume', 'drain', 'retire', 'revoke', 'approve'),
        (status, event: BuilderEvent) => {
          const next = statusAfter(status, event);
          return next === null || statusAfter(next, event) === next;
        },
      ),
    );
  });

  test('can be revoked at any time, and retire until then', () => {
    for (const status of STATUSES) {
      expect(statusAfter(status, 'revoke')).toBe('revoked');
      if (status !== 'revoked') expect(statusAfter(status, 'retire')).toBe('retired');
    }
  });

  test.for([
    ['applied', 'resume'],
    ['applied', 'pause'],
    ['paused', 'approve'],
    ['retired', 'approve'],
    ['retired', 'resume'],
    ['active', 'finish'],
    ['paused', 'finish'],
    ['revoked', 'apply'],
    ['revoked', 'approve'],
  ] as const)('that is %s cannot %s', ([status, event]) => {
    expect(statusAfter(status, event)).toBeNull();
  });
});
