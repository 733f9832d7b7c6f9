import { describe, expect, test } from 'vitest';
import { buildCancelStatement, readBuildCancel, type BuildCancel } from './build-cancel.js';
import { AttestationError } from './error.js';
import { roundCloseStatement } from './round-close.js';

const round = 'a'.repeat(64);
const cancel: BuildCancel = {
  ...{ round, builder: 'aaaaa-bbbbb-cai', reason: 'requested' },
  at: '2026-11-22T00:00:00Z',
};

function codeOf(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (error) {
    return error instanceof AttestationError ? error.code : String(error);
  }
}

describe('an order to stop a build', () => {
  test('is read as it was written', () => {
    expect(readBuildCancel(buildCancelStatement(cancel))).toEqual(cancel);
  });

  test('of another subject than its round is refused', () => {
    const subject = [{ name: 'round/x', digest: { sha256: 'b'.repeat(64) } }];
    expect(codeOf(() => readBuildCancel({ ...buildCancelStatement(cancel), subject }))).toBe(
      'WRONG_ROUND',
    );
  });

  test('is no other statement', () => {
    const close = roundCloseStatement({ round, closedAt: cancel.at, reason: 'requested' });
    expect(codeOf(() => readBuildCancel(close))).toBe('WRONG_KIND');
  });

  test('needs a reason that is known', () => {
    const predicate = { ...cancel, reason: 'because' };
    expect(codeOf(() => readBuildCancel({ ...buildCancelStatement(cancel), predicate }))).toBe(
      'MALFORMED_STATEMENT',
    );
  });
});
