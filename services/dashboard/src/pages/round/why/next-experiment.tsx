import type { ReactNode } from 'react';
import { plain, type ExplanationReport } from '#libs/contracts';
import { Command } from '../../../components/command.js';

/** The one re-build that would tell most, and how it is opened. */
export function NextExperiment(props: {
  readonly explanation: ExplanationReport;
  /** Place of the explanation among the round's. */
  readonly place: number;
  readonly round: string;
  readonly origin: string;
}): ReactNode {
  const { next } = props.explanation;
  if (next === null) return null;
  return (
    <div className="next-experiment">
      <h4>What would tell most</h4>
      <p>{plain(next.text, 1000)}</p>
      {next.request !== undefined && (
        <details>
          <summary>Commands that open it as an experiment</summary>
          <Command what="commands" text={commandsOf(props)} />
        </details>
      )}
    </div>
  );
}

function commandsOf(props: {
  readonly place: number;
  readonly round: string;
  readonly origin: string;
}): string {
  const { place, round, origin } = props;
  return [
    `repro-quorum explain --round ${round} --coordinator ${origin} --json \\`,
    `  | jq '.artifacts[${place}].next.request' > experiment.json`,
    `repro-quorum round open --experiment experiment.json --coordinator ${origin}`,
  ].join('\n');
}
