import type { ReactNode } from 'react';
import { givesVerdict } from '#libs/attestation';
import { plain, titleOf, trialOf, type OtherRound, type Report } from '#libs/contracts';
import { Moment } from '../../../components/moment.js';
import { Section } from '../../../components/section.js';
import { Verdict } from '../../../components/verdict.js';
import { partsOf } from '../why/parts.js';

const FIRST = 8;
const NEXT = 40;

/** Other rounds on the same commit, so that nobody can shop for a verdict unseen. */
export function OtherRounds({ report }: { readonly report: Report }): ReactNode {
  if (report.otherRounds.length === 0) return null;
  const [first = [], ...rest] = partsOf(report.otherRounds, FIRST, NEXT);
  return (
    <Section id="other-rounds" title="Other rounds on this commit">
      <RoundItems rounds={first} />
      {rest.map((part) => (
        <details key={part[0]?.round}>
          <summary>{part.length} more</summary>
          <RoundItems rounds={part} />
        </details>
      ))}
    </Section>
  );
}

function RoundItems({ rounds }: { readonly rounds: readonly OtherRound[] }): ReactNode {
  return (
    <ul>
      {rounds.map((other) => (
        <li key={other.round}>
          <a href={`/rounds/${encodeURIComponent(other.round)}`}>
            <code>{other.round.slice(0, 12)}</code>
          </a>{' '}
          <Moment at={other.openedAt} />
          {other.proposal !== null && ` for proposal ${plain(other.proposal, 30)}`}: {said(other)}
        </li>
      ))}
    </ul>
  );
}

function said(other: OtherRound): ReactNode {
  if (!givesVerdict(other)) return `${trialOf(other)}, no verdict`;
  if (other.verdicts.length === 0) return 'no verdict yet';
  return other.verdicts.map(({ name, verdict }) => (
    <span key={name}>
      {plain(titleOf(name), 60)} <Verdict verdict={verdict} />{' '}
    </span>
  ));
}
