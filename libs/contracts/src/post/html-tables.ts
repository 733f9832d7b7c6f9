import { remarksOf } from '../report/choice-words.js';
import { letterOf } from '../report/cluster-label.js';
import type { BuilderReport } from '../report/report.js';
import type { ArtifactReport } from '../report/verdict.js';
import { describe, titleOf } from '../report/wording.js';
import { workWords } from '../report/work.js';
import { element, type Child, type Html } from './html.js';
import type { Permalinks } from './permalinks.js';

const ATTRIBUTES = {};

/** A table that scrolls by itself where it is wider than the page. */
export function table(head: readonly string[], rows: readonly (readonly Child[])[]): Html {
  const line = (cell: 'th' | 'td', cells: readonly Child[]): Html =>
    element('tr', ATTRIBUTES, ...cells.map((child) => element(cell, ATTRIBUTES, child)));
  return element(
    'div',
    { tabindex: '0' },
    element(
      'table',
      ATTRIBUTES,
      element('thead', ATTRIBUTES, line('th', head)),
      element('tbody', ATTRIBUTES, ...rows.map((cells) => line('td', cells))),
    ),
  );
}

/** One row an artifact: its verdict, clusters by size, what was expected, flags. */
export function verdictTableHtml(artifacts: readonly ArtifactReport[]): Html {
  return table(
    ['artifact', 'verdict', 'clusters', 'expected', 'flags'],
    artifacts.map((artifact) => [
      `${titleOf(artifact.name)}${artifact.elected ? ' (elected)' : ''}`,
      element('strong', ATTRIBUTES, `${artifact.verdict}${workWords(artifact)}`),
      artifact.clusters.map(({ operators }) => operators.length).join('-') || 'none',
      element('code', ATTRIBUTES, artifact.expected ?? 'unknown'),
      artifact.flags.join(', '),
    ]),
  );
}

/** Who built what of one artifact. */
export function artifactHtml(artifact: ArtifactReport, asked: number): Html[] {
  const { clusters, selfContradicting, impliedBy, name } = artifact;
  if (clusters.length === 0 && selfContradicting.length === 0) return [];
  const items = [
    ...clusters.map(({ digest, operators, matchesExpected }, at) => [
      element('strong', ATTRIBUTES, letterOf(at)),
      ' ',
      element('code', ATTRIBUTES, digest),
      `${matchesExpected ? ' (expected)' : ''}: ${operators.join(', ')}`,
    ]),
    ...selfContradicting.map(({ operator, votes }) => [
      `${operator} contradicts itself: ${votes.map(({ builder, digest }) => `${digest} by ${builder.slice(0, 11)}`).join(', ')}`,
    ]),
  ];
  return [
    element('h2', ATTRIBUTES, `${titleOf(name)}: ${describe(artifact, asked)}`),
    element('ul', ATTRIBUTES, ...items.map((parts) => element('li', ATTRIBUTES, ...parts))),
    ...(impliedBy.length === 0
      ? []
      : [element('p', ATTRIBUTES, `Implied by: ${impliedBy.map(titleOf).join(', ')}.`)]),
  ];
}

/** One row a builder, with its signed result. */
export function builderTableHtml(builders: readonly BuilderReport[], links: Permalinks): Html {
  return table(
    ['operator', 'builder', 'state', 'failure', 'finished', 'signed result'],
    builders.map((one) => {
      const { operator, builder, state, failure, finishedAt, attestation } = one;
      const failed = failure === null ? [] : [`${failure.stage}: ${failure.class}`];
      return [
        operator,
        element('code', ATTRIBUTES, builder),
        state,
        [...failed, ...remarksOf(one)].join(', '),
        finishedAt ?? '',
        attestation === null
          ? ''
          : element('a', { href: links.attestation(attestation) }, attestation.slice(0, 12)),
      ];
    }),
  );
}
