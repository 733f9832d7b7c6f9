import { clusterLetters, letterOf } from './cluster-label.js';
import { plain } from './plain.js';
import type { Report } from './report.js';
import type { ArtifactReport } from './verdict.js';
import { shortDigest, shortTitleOf, titleOf } from './wording.js';

/** How a report is drawn. */
export interface TerminalOptions {
  /** Whether ANSI colours may be used. Glyphs and words tell the same without them. */
  readonly color: boolean;
}

const GLYPH: Readonly<Record<ArtifactReport['verdict'], readonly [string, number]>> = {
  reproduced: ['✔', 32],
  contradicted: ['✘', 31],
  split: ['≠', 31],
  agreed: ['≈', 33],
  insufficient: ['…', 33],
  pending: ['…', 36],
  'source-unavailable': ['?', 33],
};

/** Draws a report for a terminal: the sentence, then builders by artifacts, then what stands out. */
export function reportTerminal(report: Report, { color }: TerminalOptions): string {
  const paint = (code: number, text: string): string =>
    color ? `\u001b[${code}m${text}\u001b[0m` : text;
  const lines = ['', paint(1, plain(report.headline, 1000)), ''];
  for (const artifact of report.artifacts) {
    const [glyph, code] = GLYPH[artifact.verdict];
    const sizes = artifact.clusters.map(({ operators }) => operators.length).join('-');
    lines.push(
      `  ${paint(code, `${glyph} ${artifact.verdict.padEnd(18)}`)} ${titleOf(artifact.name).padEnd(28)} ${sizes.padEnd(10)} ${artifact.flags.join(', ')}`,
    );
  }
  if (report.builders.length > 0) lines.push('', ...matrix(report));
  for (const artifact of report.artifacts.filter(({ clusters }) => clusters.length > 1)) {
    lines.push('', `  ${titleOf(artifact.name)}: expected ${shortDigest(artifact.expected)}`);
    for (const [at, { digest, operators }] of artifact.clusters.entries()) {
      lines.push(
        `    ${letterOf(at)} ${shortDigest(digest)}  ${operators.map((name) => plain(name)).join(', ')}`,
      );
    }
    if (artifact.impliedBy.length > 0) {
      lines.push(`    implied by ${artifact.impliedBy.map(titleOf).join(', ')}`);
    }
  }
  const { round } = report;
  if (round !== null) {
    lines.push(
      '',
      `  round ${round.round.slice(0, 12)} is ${round.phase}; ${round.needed} of ${round.eligible} operators have to agree`,
    );
  }
  for (const other of report.otherRounds) {
    lines.push(
      `  also held on this commit: round ${other.round.slice(0, 12)} of ${other.openedAt}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** One row an operator, one column an artifact, letters for equal bytes. */
function matrix(report: Report): string[] {
  const columns = report.artifacts.map((artifact) => ({
    head: shortTitleOf(artifact.name),
    letters: clusterLetters(artifact),
  }));
  const width = Math.max(8, ...report.builders.map(({ operator }) => operator.length));
  const head = columns.map(({ head: title }) => title.padEnd(15)).join('');
  const rows = report.builders.map(({ operator, state, failure }) => {
    const cells = columns.map(({ letters }) => (letters.get(operator) ?? '-').padEnd(15)).join('');
    const note = failure === null ? state : `${state}: ${failure.class} in ${failure.stage}`;
    return `  ${plain(operator).padEnd(width)}  ${cells}${note}`;
  });
  return [`  ${''.padEnd(width)}  ${head}`, ...rows];
}
