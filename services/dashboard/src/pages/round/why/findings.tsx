import type { ReactNode } from 'react';
import { rootsOf, type ExplanationReport, type FindingReport, type Report } from '#libs/contracts';
import { Finding } from './finding.js';
import { partsOf } from './parts.js';
import { sidesOf, type SideNames } from './sides.js';

const FIRST = 8;
const NEXT = 40;
/** What a reader is not to load at once is in the JSON. */
const MOST = 400;

/** The things that differ, root causes first; each opens into both sides. */
export function Findings(props: {
  readonly explanation: ExplanationReport;
  readonly report: Report;
}): ReactNode {
  const { explanation, report } = props;
  const roots = rootsOf(explanation);
  const implied = explanation.findings.filter((finding) => !roots.includes(finding));
  const sides = sidesOf(explanation, report);
  if (explanation.findings.length === 0) return null;
  return (
    <>
      <h4>{roots.length === 0 ? 'What differs' : `What differs: ${countText(roots.length)}`}</h4>
      <FindingParts findings={roots} sides={sides} />
      {implied.length > 0 && (
        <details className="findings-part">
          <summary>
            {implied.length} more {implied.length === 1 ? 'follows' : 'follow'} from these or come
            with another artifact
          </summary>
          <FindingParts findings={implied} sides={sides} />
        </details>
      )}
    </>
  );
}

function FindingParts(props: {
  readonly findings: readonly FindingReport[];
  readonly sides: SideNames;
}): ReactNode {
  const { findings, sides } = props;
  const shown = findings.slice(0, MOST);
  const [first = [], ...rest] = partsOf(shown, FIRST, NEXT);
  return (
    <>
      <FindingList findings={first} sides={sides} />
      {rest.map((part, at) => (
        <details className="findings-part" key={at}>
          <summary>{part.length} more</summary>
          <FindingList findings={part} sides={sides} />
        </details>
      ))}
      {findings.length > MOST && (
        <p className="quiet">{findings.length - MOST} more stand in the JSON.</p>
      )}
    </>
  );
}

function FindingList(props: {
  readonly findings: readonly FindingReport[];
  readonly sides: SideNames;
}): ReactNode {
  return (
    <ul className="findings">
      {props.findings.map((finding, at) => (
        <li key={`${finding.difference.location.join('\n')} ${finding.class} ${at}`}>
          <Finding finding={finding} sides={props.sides} />
        </li>
      ))}
    </ul>
  );
}

function countText(count: number): string {
  return count === 1 ? '1 thing' : `${count} things`;
}
