import type { ReactNode } from 'react';
import { plain, readableLog, type Report } from '#libs/contracts';
import { Section } from '../../../components/section.js';
import { stateWords } from '../matrix/state-words.js';
import { joinPieces, type LogPiece } from './log-pieces.js';
import './live.css';

const LINE_CHARACTERS = 1000;
const MOST_LINES = 60;

/** The ends of build logs as they grow, in rounds that show them. */
export function LogTails(props: {
  readonly report: Report;
  readonly tails: ReadonlyMap<string, readonly LogPiece[]>;
}): ReactNode {
  const { report, tails } = props;
  const builders = report.builders.filter(({ builder }) => tails.has(builder));
  if (builders.length === 0) return null;
  return (
    <Section id="log-tails" title="Builds as they go">
      {builders.map((builder) => (
        <details key={builder.builder} className="log-tail">
          <summary>
            {plain(builder.operator, 60)}: {stateWords(builder)}
          </summary>
          <pre
            tabIndex={0}
            role="region"
            aria-label={`build log of ${plain(builder.operator, 60)}`}
          >
            {tailText(joinPieces(tails.get(builder.builder) ?? []))}
          </pre>
        </details>
      ))}
    </Section>
  );
}

/** The last lines of a log, without what a terminal would obey. */
export function tailText(text: string): string {
  const lines = readableLog(text).split('\n').slice(-MOST_LINES);
  return lines.map((line) => plain(line, LINE_CHARACTERS)).join('\n');
}
