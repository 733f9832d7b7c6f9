import type { ReactNode } from 'react';
import { plain, type BuildLog, type Report, type RoundLogs } from '#libs/contracts';
import { Section } from '../../../components/section.js';
import { partsOf } from '../why/parts.js';

const FIRST = 10;
const NEXT = 50;

const WORDS: Readonly<Record<BuildLog['state'], string>> = {
  awaited: 'asked for, not here yet',
  stored: 'here',
  refused: 'what came is not what its result names',
  missing: 'its builder does not have it',
};

/** The log of each build, as its builder's signed result names it. */
export function BuildLogs(props: {
  readonly report: Report;
  readonly logs: RoundLogs | null;
}): ReactNode {
  const { report, logs } = props;
  if (logs === null || logs.logs.length === 0 || report.round === null) return null;
  const base = `/v1/rounds/${encodeURIComponent(report.round.round)}/logs`;
  const [first = [], ...rest] = partsOf(logs.logs, FIRST, NEXT);
  const list = (some: readonly BuildLog[]): ReactNode => (
    <ul>
      {some.map((log) => (
        <LogItem key={log.builder} log={log} base={base} report={report} />
      ))}
    </ul>
  );
  return (
    <Section id="build-logs" title="Build logs">
      {list(first)}
      {rest.map((part) => (
        <details key={part[0]?.builder}>
          <summary>{part.length} more</summary>
          {list(part)}
        </details>
      ))}
    </Section>
  );
}

function LogItem(props: {
  readonly log: BuildLog;
  readonly base: string;
  readonly report: Report;
}): ReactNode {
  const { builder, state, sizeBytes, reason } = props.log;
  const found = props.report.builders.find((one) => one.builder === builder);
  const name = plain(found?.operator ?? builder, 60);
  if (state === 'stored') {
    return (
      <li>
        <a href={`${props.base}/${encodeURIComponent(builder)}`}>{name}</a>
        {sizeBytes !== null && <span className="quiet"> {sizeBytes} bytes</span>}
      </li>
    );
  }
  return (
    <li>
      {name}: {WORDS[state]}
      {reason !== null && <span className="quiet"> ({plain(reason, 80)})</span>}
    </li>
  );
}
