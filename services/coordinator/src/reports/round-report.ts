import type { ArtifactVerdict } from '#libs/consensus';
import { CloseReason } from '#libs/attestation';
import { ArtifactReport, ChoiceReport, type RoundReport } from '#libs/contracts';
import type { RoundAsk } from '../dispatch/round-asks.js';
import type { LoadedRound } from '../rounds/round-store.js';

/** Copies a verdict into the report's shape. */
export function artifactReport(verdict: ArtifactVerdict): ArtifactReport {
  return ArtifactReport.parse(verdict);
}

/** Tells how a round went. */
export function roundReport(
  { row, open }: LoadedRound,
  verdicts: readonly ArtifactVerdict[],
  asked: RoundAsk | null,
): RoundReport {
  return {
    round: row.id,
    phase: row.phase,
    blind: open.blind,
    threshold: open.threshold,
    needed: verdicts[0]?.needed ?? 0,
    eligible: open.roster.length,
    openedAt: row.openedAt.toISOString(),
    closesAt: open.closesAt,
    closedAt: row.closedAt?.toISOString() ?? null,
    closeReason: row.closeReason === null ? null : CloseReason.parse(row.closeReason),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    openIndex: row.openIndex,
    closeIndex: row.closeIndex,
    verdictIndex: row.verdictIndex,
    ...(open.experiment !== undefined && { experiment: open.experiment }),
    ...(open.calibration !== undefined && { calibration: open.calibration }),
    ...(asked !== null && { choice: choiceReport(asked) }),
  };
}

function choiceReport({ ask, choice, replacements }: RoundAsk): ChoiceReport {
  return ChoiceReport.parse({ ask, ...choice, replacements });
}
