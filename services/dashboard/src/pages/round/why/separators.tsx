import type { ReactNode } from 'react';
import {
  letterOf,
  plain,
  probability,
  shownSeparators,
  strengthWords,
  valueText,
  type ExplanationReport,
  type Report,
  type SeparatorReport,
} from '#libs/contracts';
import { Scroll } from '../../../components/scroll.js';
import { ClusterLetter } from '../clusters/cluster-letter.js';
import { partsOf } from './parts.js';

const FIRST = 6;
const NEXT = 24;
const SHOWN_VALUES = 3;
const SHOWN_CLUSTERS = 8;

type Fact = SeparatorReport['facts'][number];
interface FactRow {
  readonly fact: Fact;
  readonly group: SeparatorReport;
}

/** What the builders' surroundings have otherwise, where the bytes are otherwise: cluster beside cluster. */
export function Separators(props: {
  readonly explanation: ExplanationReport;
  readonly report: Report;
}): ReactNode {
  const { explanation } = props;
  const rows = shownSeparators(explanation).flatMap((group) =>
    group.facts.map((fact) => ({ fact, group })),
  );
  if (rows.length === 0) return null;
  const [first = [], ...rest] = partsOf(rows, FIRST, NEXT);
  return (
    <>
      <h4>What parts their machines the same way</h4>
      <FactTable rows={first} {...props} />
      {rest.map((part, at) => (
        <details key={part[0]?.fact.name ?? at}>
          <summary>
            {part.length} more {part.length === 1 ? 'fact' : 'facts'}
          </summary>
          <FactTable rows={part} {...props} />
        </details>
      ))}
    </>
  );
}

function FactTable(props: {
  readonly rows: readonly FactRow[];
  readonly explanation: ExplanationReport;
  readonly report: Report;
}): ReactNode {
  const clusters = props.explanation.clusters.slice(0, SHOWN_CLUSTERS);
  return (
    <Scroll label="Facts about the machines, cluster by cluster">
      <table className="separators">
        <thead>
          <tr>
            <th scope="col">Fact</th>
            {clusters.map(({ digest, builders }, at) => (
              <th scope="col" key={digest}>
                <ClusterLetter at={at} letter={letterOf(at)} />{' '}
                {operatorNames(props.report, builders)}
              </th>
            ))}
            <th scope="col">How well it parts</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map(({ fact, group }) => (
            <tr key={fact.name}>
              <th scope="row">
                <code>{plain(fact.name, 100)}</code>
              </th>
              {clusters.map(({ digest }, at) => (
                <td key={digest}>{valuesOf(fact.values[at] ?? [])}</td>
              ))}
              <td>
                {strengthWords(group)}
                <span className="quiet">
                  {' '}
                  p {probability(group.pValue)}, corrected {probability(group.correctedP)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function valuesOf(values: Fact['values'][number]): string {
  const shown = [...new Set(values.map(valueText))];
  const more = shown.length > SHOWN_VALUES ? ' or others' : '';
  return shown.length === 0 ? 'missing' : `${shown.slice(0, SHOWN_VALUES).join(' or ')}${more}`;
}

function operatorNames({ builders }: Report, ids: readonly string[]): string {
  const names = ids.map((id) => builders.find(({ builder }) => builder === id)?.operator ?? id);
  const shown = names.slice(0, 3).map((name) => plain(name, 30));
  return `${shown.join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}
