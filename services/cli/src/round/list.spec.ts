import { expect, test } from 'vitest';
import type { RoundSummary } from '#libs/contracts';
import { roundLine } from './list.js';

test('a line says how a round stands, and where it lies in an archive that it does', () => {
  const round: RoundSummary = {
    ...{ round: 'ab'.repeat(32), phase: 'final', release: 'ic/1', proposal: null },
    ...{ openedAt: '2026-01-01T10:20:30.000Z', headline: 'It split.', outcome: 'not-reproduced' },
    artifacts: [],
  };
  const line = (state: string): string => `abababababab  2026-01-01T10:20  ${state}  It split.`;
  expect(roundLine(round)).toBe(line('final    '));
  expect(roundLine({ ...round, archived: true })).toBe(line('archived '));
});
