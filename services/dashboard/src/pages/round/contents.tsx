import type { ReactNode } from 'react';
import type { Report, RoundExplanation } from '#libs/contracts';
import { hasTrust } from './trust/has-trust.js';
import { hasWhy } from './why/has-why.js';
import './round.css';

/** The parts of the page, to jump to. */
export function Contents(props: {
  readonly report: Report;
  readonly explanation: RoundExplanation | null;
}): ReactNode {
  const { report, explanation } = props;
  const places: readonly (readonly [string, string])[] = [
    ['matrix', 'Who built what'],
    ['clusters', 'Who agrees'],
    ['hashes', 'Hashes compared'],
    ...(hasWhy(report, explanation) ? [['why', 'Why it differs'] as const] : []),
    ['timeline', 'Timeline'],
    ...(hasTrust(report) ? [['trust', 'Whom you trust'] as const] : []),
    ...(report.round === null ? [] : [['verify', 'Verify it'] as const]),
    ['post', 'Post it'],
    ['downloads', 'Downloads'],
  ];
  return (
    <nav className="contents" aria-label="On this page">
      <ul>
        {places.map(([id, name]) => (
          <li key={id}>
            <a href={`#${id}`}>{name}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
