import type { ArtifactReport } from '#libs/contracts';
import { letterOf, shortDigest, titleOf, plain } from '#libs/contracts';

/** Widths and heights in units of the drawing, which is scaled to the room that there is. */
const TRACK_LEFT = 34;
const TRACK_WIDTH = 250;
const ROW_HEIGHT = 26;
const TOP = 22;
/** Narrower than this, operators are not told apart in a bar. */
const MIN_SEGMENT = 5;
/** Most clusters that are drawn; the list beside the drawing has them all. */
export const MAX_DRAWN = 8;

/** One cluster as a bar. */
export interface DrawnCluster {
  readonly letter: string;
  readonly count: number;
  readonly isExpected: boolean;
  readonly top: number;
  /** From left to right; one for each operator, or one for all where they would be too narrow. */
  readonly segments: readonly { readonly left: number; readonly width: number }[];
  /** Where the bar ends. */
  readonly right: number;
}

/** An artifact's clusters as bars beneath one another, with a line at the operators that are needed. */
export interface ClusterDrawing {
  readonly width: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly clusters: readonly DrawnCluster[];
  readonly threshold: { readonly left: number; readonly needed: number };
  /** All that is drawn, in words. */
  readonly text: string;
}

/** Lays out the clusters of an artifact; `asked` is how many operators were invited. */
export function drawClusters(artifact: ArtifactReport, asked: number): ClusterDrawing {
  const { needed } = artifact;
  const shown = artifact.clusters.slice(0, MAX_DRAWN);
  const unit = TRACK_WIDTH / Math.max(asked, needed, 1);
  return {
    width: TRACK_LEFT + TRACK_WIDTH + 36,
    height: TOP + Math.max(shown.length, 1) * ROW_HEIGHT + 4,
    rowHeight: ROW_HEIGHT,
    clusters: shown.map(({ operators, matchesExpected }, at) => ({
      letter: letterOf(at),
      count: operators.length,
      isExpected: matchesExpected,
      top: TOP + at * ROW_HEIGHT,
      segments: segmentsOf(operators.length, unit),
      right: TRACK_LEFT + operators.length * unit,
    })),
    threshold: { left: TRACK_LEFT + needed * unit, needed },
    text: textOf(artifact, asked),
  };
}

function segmentsOf(count: number, unit: number): DrawnCluster['segments'] {
  if (unit < MIN_SEGMENT) return [{ left: TRACK_LEFT, width: count * unit }];
  return Array.from({ length: count }, (_, at) => ({
    left: TRACK_LEFT + at * unit,
    width: unit - 2,
  }));
}

/** Says how an artifact's votes fell, such as `3 vs 2`, or `5 of 5` where all that count agree. */
export function sizesText({ clusters }: ArtifactReport, asked: number): string {
  if (clusters.length === 1) return `${clusters[0]?.operators.length ?? 0} of ${asked}`;
  const sizes = clusters.slice(0, MAX_DRAWN).map(({ operators }) => operators.length);
  return `${sizes.join(' vs ')}${clusters.length > MAX_DRAWN ? ' …' : ''}`;
}

function textOf(artifact: ArtifactReport, asked: number): string {
  const parts = artifact.clusters.slice(0, MAX_DRAWN).map((cluster, at) => {
    const count = cluster.operators.length;
    const mark = cluster.matchesExpected ? ', as expected' : '';
    return `${letterOf(at)} ${shortDigest(cluster.digest)} by ${count} ${count === 1 ? 'operator' : 'operators'}${mark}`;
  });
  const more = artifact.clusters.length - parts.length;
  const said = [...parts, ...(more > 0 ? [`${more} more clusters`] : [])].join('; ');
  return `${plain(titleOf(artifact.name), 60)}: ${said}. ${artifact.needed} of ${asked} have to agree.`;
}
