import {
  explanationTerminal,
  failureTerminal,
  letterOf,
  plain,
  shortDigest,
} from '#libs/contracts';
import type { ExplainOutput, SplitReport } from './explain-output.js';

/** Writes an explanation for people: what agrees, what splits and why, how builds failed. */
export function explainText(
  { artifacts, agreed, failures }: ExplainOutput,
  operators: ReadonlyMap<string, string>,
): string {
  const lines = [
    ...agreed.map(
      ({ release, artifact, builders }) =>
        `${plain(release)}: ${plain(artifact)} is the same from ${builders.length === 1 ? 'the one builder that told it' : `all ${builders.length} builders`}`,
    ),
    ...artifacts.flatMap((artifact) => ['', ...splitLines(artifact, operators)]),
    ...failureTerminal(failures),
  ];
  return lines.length === 0 ? 'nothing was told of any artifact' : lines.join('\n').trimStart();
}

function splitLines(split: SplitReport, operators: ReadonlyMap<string, string>): string[] {
  const nameOf = (builder: string): string => plain(operators.get(builder) ?? builder, 80);
  return [
    `${plain(split.release)}: ${plain(split.artifact)} has ${split.clusters.length} clusters`,
    ...split.clusters.map(
      ({ digest, builders }, at) =>
        `    ${letterOf(at)} ${shortDigest(digest)}  ${builders.map(nameOf).join(', ')}`,
    ),
    // Nobody can be asked for bytes here: none are missing.
    ...explanationTerminal({ ...split, compared: [], unseen: [], firstAffected: null }).slice(1),
  ];
}
