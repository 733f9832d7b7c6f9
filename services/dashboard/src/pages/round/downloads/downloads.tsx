import type { ReactNode } from 'react';
import type { Report } from '#libs/contracts';
import { Section } from '../../../components/section.js';
import { matrixCsv } from './matrix-csv.js';

/** From here on the table is not carried within the page: the JSON has all of it. */
const MOST_CSV_CELLS = 1000;

/** Everything on the page as files, for scripts and archives. */
export function Downloads({ report }: { readonly report: Report }): ReactNode {
  const { round } = report;
  if (round === null) return null;
  const base = `/v1/rounds/${encodeURIComponent(round.round)}`;
  const name = `round-${round.round.slice(0, 12)}`;
  const isSmall = report.builders.length * report.artifacts.length <= MOST_CSV_CELLS;
  return (
    <Section id="downloads" title="Take it with you">
      <ul>
        {round.phase === 'final' && (
          <li>
            <a href={`${base}/bundle`} download={`${name}.bundle.json`}>
              Bundle
            </a>
            : all evidence in one file, to be verified without this server
          </li>
        )}
        <li>
          <a href={`${base}/report`} download={`${name}.json`}>
            JSON
          </a>
          : this report as data
        </li>
        {isSmall && (
          <li>
            <a
              href={`data:text/csv;charset=utf-8,${encodeURIComponent(matrixCsv(report))}`}
              download={`${name}.csv`}
            >
              CSV
            </a>
            : who built what, for a spreadsheet
          </li>
        )}
        <li>
          <a href={`${base}/attestations`} download={`${name}.attestations.json`}>
            Attestations
          </a>
          : every signed statement with its receipt
        </li>
        <li>
          <a href={`/rounds/${encodeURIComponent(round.round)}/print`}>Print view</a>: on paper, as
          evidence
        </li>
      </ul>
    </Section>
  );
}
