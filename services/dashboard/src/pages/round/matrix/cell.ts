import type { ArtifactReport, BuilderReport } from '#libs/contracts';
import { letterOf, plain } from '#libs/contracts';
import type { Tone } from '../../../components/state.js';

/** What one builder has of one artifact, to be told by colour, glyph and words alike. */
export interface MatrixCell {
  readonly tone: Tone;
  /** Place of the cluster among the artifact's, from 0; null where no vote of it counts. */
  readonly cluster: number | null;
  /** Letter of the cluster; empty where there is none. */
  readonly letter: string;
  readonly digest: string | null;
  readonly words: string;
}

/** Tells what a builder has of an artifact. */
export function cellOf(builder: BuilderReport, artifact: ArtifactReport): MatrixCell {
  const at = artifact.clusters.findIndex(({ builders }) => builders.includes(builder.builder));
  const cluster = artifact.clusters[at];
  if (cluster !== undefined) return votedCell(artifact, at, cluster);
  const own = artifact.selfContradicting
    .flatMap(({ votes }) => votes)
    .find((vote) => vote.builder === builder.builder);
  if (own !== undefined) {
    return {
      ...told('failed', 'counts not: its operator’s builders differ'),
      digest: own.digest,
    };
  }
  return silentCell(builder);
}

function votedCell(
  artifact: ArtifactReport,
  at: number,
  { digest, operators, matchesExpected }: ArtifactReport['clusters'][number],
): MatrixCell {
  const place = { cluster: at, letter: letterOf(at), digest };
  if (matchesExpected) return { ...told('good', 'as expected'), ...place };
  if (artifact.expected !== null) return { ...told('bad', 'unexpected'), ...place };
  const isEnough = operators.length >= artifact.needed;
  const others = operators.length - 1;
  const words = others === 0 ? 'alone' : `with ${others} other${others === 1 ? '' : 's'}`;
  return { ...told(isEnough ? 'good' : 'split', words), ...place };
}

function silentCell(builder: BuilderReport): MatrixCell {
  switch (builder.state) {
    case 'failed': {
      const { failure } = builder;
      const how = failure === null ? '' : `: ${plain(failure.class, 60)}`;
      return told('failed', `failed${how}`);
    }
    case 'built':
      return told('plain', 'not built');
    case 'waiting':
      return told('open', 'waiting');
    case 'building':
      return told('open', 'building');
    case 'committed':
      return told('open', 'sealed until the close');
    case 'declined':
    case 'absent':
    case 'late':
    case 'unrevealed':
      return told('plain', builder.state);
  }
}

function told(tone: Tone, words: string): MatrixCell {
  return { tone, cluster: null, letter: '', digest: null, words };
}
