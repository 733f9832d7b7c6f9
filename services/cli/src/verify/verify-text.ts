import { letterOf, plain, shortDigest } from '#libs/contracts';
import type { VerifyOutput } from './verify-output.js';

/** Findings that are printed; `--json` has all. */
const SHOWN = 20;

const SUMMARY: Readonly<Record<VerifyOutput['outcome'], string>> = {
  satisfied: 'the policy is satisfied',
  'not-satisfied': 'the policy is not satisfied',
  undecided: 'nothing could be decided',
  'bad-evidence': 'the evidence is bad: nothing above rests on it',
};

/** Writes an audit for people: rule by rule, then what was counted, then what was found. */
export function verifyText(output: VerifyOutput): string {
  const { outcome, rules, artifacts, findings } = output;
  return [
    headline(output),
    '',
    ...rules.map(ruleLine),
    ...artifacts.flatMap((artifact) => ['', ...artifactLines(artifact)]),
    ...(findings.length === 0 ? [] : ['', ...findingLines(findings)]),
    '',
    SUMMARY[outcome],
  ].join('\n');
}

function headline({ release, proposal, round, needed, eligible }: VerifyOutput): string {
  if (release === null) return 'no round could be read';
  const on = proposal === null ? plain(release) : `proposal ${proposal}, ${plain(release)}`;
  const trusted = `${needed} of ${eligible} trusted operators have to agree`;
  return `${on}\nround ${round ?? ''}: ${trusted}`;
}

function ruleLine({
  rule,
  artifact,
  isKept,
  message,
  evidence,
}: VerifyOutput['rules'][number]): string {
  const what = artifact === null ? '' : `${plain(artifact)}: `;
  return `  ${isKept ? '✔' : '✖'} ${rule.padEnd(23)} ${what}${plain(message)}${indexes(evidence)}`;
}

function indexes(evidence: readonly number[]): string {
  if (evidence.length === 0) return '';
  const shown = evidence.slice(0, 12).map((index) => `#${index}`);
  return `  [${shown.join(' ')}${evidence.length > shown.length ? ' …' : ''}]`;
}

function artifactLines(artifact: VerifyOutput['artifacts'][number]): string[] {
  const { name, verdict, expected, flags, clusters, isRequired } = artifact;
  const marks = [...(isRequired ? [] : ['not required']), ...flags];
  return [
    `  ${verdict.padEnd(18)} ${plain(name)}${marks.length > 0 ? `  (${marks.join(', ')})` : ''}`,
    `    expected ${shortDigest(expected)}`,
    ...clusters.map(
      ({ digest, operators, matchesExpected }, at) =>
        `    ${letterOf(at)} ${shortDigest(digest)}  ${operators.join(', ')}${matchesExpected ? '  (expected)' : ''}`,
    ),
    ...artifact.selfContradicting.map(
      ({ operator }) => `    ${operator} contradicts itself, and counts for none`,
    ),
    ...artifact.unrevealed.map(
      ({ operator }) => `    ${operator} never showed what it committed to`,
    ),
  ];
}

function findingLines(findings: VerifyOutput['findings']): string[] {
  const shown = findings.slice(0, SHOWN).map(({ code, message, line, index }) => {
    const places = [line === null ? [] : `line ${line}`, index === null ? [] : `#${index}`].flat();
    const where = places.length === 0 ? '' : ` (${places.join(', ')})`;
    return `  ${code}${where}: ${plain(message)}`;
  });
  const rest = findings.length - shown.length;
  return ['findings', ...shown, ...(rest > 0 ? [`  and ${rest} more: see --json`] : [])];
}
