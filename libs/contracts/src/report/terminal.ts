import { givesVerdict } from '#libs/attestation';
import { answersSentence } from './answers.js';
import { choiceSentences, remarksOf } from './choice-words.js';
import { clusterLetters, letterOf } from './cluster-label.js';
import { explanationTerminal, failureTerminal } from './explanation-terminal.js';
import { plain } from './plain.js';
import type { Report } from './report.js';
import type { ArtifactReport } from './verdict.js';
import { shortDigest, shortTitleOf, titleOf, trialOf } from './wording.js';
import { workWords } from './work.js';

const NAME_CHARACTERS = 60;

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
      `  ${paint(code, `${glyph} ${artifact.verdict.padEnd(18)}`)} ${nameOf(artifact.name).padEnd(28)} ${sizes.padEnd(10)} ${artifact.flags.join(', ')}${workWords(artifact)}`,
    );
  }
  if (report.builders.length > 0) lines.push('', ...matrix(report));
  for (const artifact of report.artifacts.filter(standsOut)) {
    lines.push('', `  ${nameOf(artifact.name)}: expected ${shortDigest(artifact.expected)}`);
    for (const [at, { digest, operators }] of artifact.clusters.entries()) {
      lines.push(
        `    ${letterOf(at)} ${shortDigest(digest)}  ${operators.map((name) => plain(name, NAME_CHARACTERS)).join(', ')}`,
      );
    }
    for (const { operator, votes } of artifact.selfContradicting) {
      const digests = [...new Set(votes.map(({ digest }) => shortDigest(digest)))];
      lines.push(
        `    ${plain(operator, NAME_CHARACTERS)} contradicts itself: ${digests.join(', ')}`,
      );
    }
    if (artifact.impliedBy.length > 0) {
      lines.push(`    implied by ${artifact.impliedBy.map(nameOf).join(', ')}`);
    }
  }
  lines.push(...(report.explanations ?? []).flatMap(explanationTerminal));
  lines.push(...failureTerminal(report.failureGroups ?? []));
  const { round } = report;
  if (round !== null) {
    lines.push(
      '',
      givesVerdict(round)
        ? `  round ${round.round.slice(0, 12)} is ${round.phase}; ${round.needed} of ${round.eligible} operators have to agree`
        : `  round ${round.round.slice(0, 12)} is ${round.phase}; ${trialOf(round)} without a verdict`,
    );
    if (round.choice !== undefined) lines.push(`  ${plain(choiceSentences(round.choice), 2000)}`);
  }
  if (report.answers !== undefined) {
    lines.push(`  ${plain(answersSentence(report.answers, report.builders.length), 2000)}`);
  }
  for (const other of report.otherRounds) {
    lines.push(
      `  also held on this commit: round ${other.round.slice(0, 12)} of ${plain(other.openedAt, NAME_CHARACTERS)}${givesVerdict(other) ? '' : `, ${trialOf(other)}`}`,
    );
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** Tells whether there is more to say of an artifact than its line and the matrix do. */
function standsOut({ clusters, selfContradicting }: ArtifactReport): boolean {
  return clusters.length > 1 || selfContradicting.length > 0;
}

/** One row an operator, one column an artifact, letters for equal bytes. */
function matrix(report: Report): string[] {
  const columns = report.artifacts.map((artifact) => ({
    head: shortTitleOf(artifact.name),
    letters: clusterLetters(artifact),
  }));
  const names = report.builders.map(({ operator }) => plain(operator, NAME_CHARACTERS));
  const width = Math.max(8, ...names.map(({ length }) => length));
  const head = columns.map(({ head: title }) => title.padEnd(15)).join('');
  const rows = report.builders.map((builder, at) => {
    const { operator, state, failure } = builder;
    const cells = columns.map(({ letters }) => (letters.get(operator) ?? '-').padEnd(15)).join('');
    const failed = failure === null ? [] : [`${failure.class} in ${failure.stage}`];
    const why = [...failed, ...remarksOf(builder)].join(', ');
    return `  ${(names[at] ?? '').padEnd(width)}  ${cells}${state}${plain(why === '' ? '' : `: ${why}`)}`;
  });
  return [`  ${''.padEnd(width)}  ${head}`, ...rows];
}

/** What people call an artifact, safe to print. */
function nameOf(artifact: string): string {
  return plain(titleOf(artifact), NAME_CHARACTERS);
}
