import type { ReactNode } from 'react';
import type { RoundOutcome } from '#libs/contracts';
import { State } from './state.js';

/** How a round stands: its phase while it goes on, what it came to afterwards. */
export function RoundState(props: {
  readonly phase: 'open' | 'revealing' | 'final';
  readonly outcome: RoundOutcome | null;
  /** Whether it is one that gives no verdict. */
  readonly isTrial?: boolean;
}): ReactNode {
  if (props.phase === 'open') return <State tone="open">open</State>;
  if (props.phase === 'revealing') return <State tone="open">results are being opened</State>;
  if (props.isTrial === true) return <State tone="plain">over, no verdict</State>;
  switch (props.outcome) {
    case 'satisfied':
      return <State tone="good">reproduced</State>;
    case 'not-reproduced':
      return <State tone="bad">not reproduced</State>;
    case 'undecided':
      return <State tone="failed">undecided</State>;
    case null:
      return <State tone="plain">decided</State>;
  }
}
