import type { BuilderReport } from '#libs/contracts';
import { plain } from '#libs/contracts';

/** Says in words how a builder stands, its stage and percent while it builds; safe to print. */
export function stateWords(builder: BuilderReport): string {
  switch (builder.state) {
    case 'waiting':
      return builder.hasVanished === true ? 'asked, not heard of since' : 'asked, not begun';
    case 'building':
      return `building${progressWords(builder)}${builder.hasVanished === true ? ', not heard of since' : ''}`;
    case 'declined':
      return builder.declined == null ? 'declined' : `declined: ${plain(builder.declined, 60)}`;
    case 'committed':
      return 'committed, result sealed';
    case 'built':
      return 'built';
    case 'failed':
      return builder.failure === null
        ? 'failed'
        : `failed: ${plain(builder.failure.class, 60)} in ${plain(builder.failure.stage, 30)}`;
    case 'absent':
      return 'absent: said nothing before the close';
    case 'late':
      return 'late: committed after the close';
    case 'unrevealed':
      return 'unrevealed: committed, then showed nothing';
  }
}

function progressWords({ stage, percent }: BuilderReport): string {
  if (stage === null) return '';
  return percent === null
    ? `, stage ${plain(stage, 30)}`
    : `, stage ${plain(stage, 30)}, ${Math.round(percent)} %`;
}

/** Says what has to be known of a builder beside its state; null where nothing has. */
export function remarkOf({ calibration }: BuilderReport): string | null {
  if (calibration?.outcome === 'suspect') return 'suspect this machine first';
  if (calibration?.outcome === 'failed') return 'its calibration did not build';
  return null;
}
