import type { RoundReport } from '#libs/contracts';

/** Says in words where a round stands, and what happens next. */
export function phaseWords({ phase, blind }: Pick<RoundReport, 'phase' | 'blind'>): string {
  switch (phase) {
    case 'open':
      return blind
        ? 'open: results stay sealed until it closes'
        : 'open: results are shown as they come';
    case 'revealing':
      return 'closed: sealed results are being opened';
    case 'final':
      return 'final';
  }
}

const REASONS: Readonly<Record<NonNullable<RoundReport['closeReason']>, string>> = {
  'all-committed': 'everybody had committed',
  deadline: 'the time was over',
  'all-accounted': 'nobody was left to wait for',
  requested: 'somebody asked for it',
};

/** Says why a round closed; null while it is open. */
export function closeWords({ closeReason }: Pick<RoundReport, 'closeReason'>): string | null {
  return closeReason === null ? null : REASONS[closeReason];
}
