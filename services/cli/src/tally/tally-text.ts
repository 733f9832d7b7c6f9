import { letterOf, plain, shortDigest } from '#libs/contracts';
import type { TallyOutput } from './tally-output.js';

/** Writes a tally for people: the verdict of each artifact and what it rests on. */
export function tallyText({ release, needed, eligible, artifacts }: TallyOutput): string {
  return [
    `${plain(release)}: ${needed} of ${eligible} operators have to agree`,
    ...artifacts.flatMap((artifact) => ['', ...artifactLines(artifact)]),
  ].join('\n');
}

function artifactLines(artifact: TallyOutput['artifacts'][number]): string[] {
  const { name, verdict, expected, flags, clusters } = artifact;
  return [
    `  ${verdict.padEnd(18)} ${name}${flags.length > 0 ? `  (${flags.join(', ')})` : ''}`,
    `    expected ${shortDigest(expected)}`,
    ...clusters.map(
      ({ digest, operators, matchesExpected }, at) =>
        `    ${letterOf(at)} ${shortDigest(digest)}  ${operators.join(', ')}${matchesExpected ? '  (expected)' : ''}`,
    ),
    ...artifact.selfContradicting.map(({ operator, votes }) => {
      const said = votes.map(({ builder, digest }) => `${builder} says ${shortDigest(digest)}`);
      return `    ${operator} contradicts itself, and counts for none: ${said.join(', ')}`;
    }),
    ...artifact.failed.map(
      ({ operator, builder, stage, class: kind }) =>
        `    ${operator} failed: ${plain(kind)} in ${stage}, builder ${builder}`,
    ),
    ...artifact.missing.map(
      ({ operator, builder }) => `    ${operator} says nothing, builder ${builder}`,
    ),
  ];
}
