import type { Capabilities } from '#libs/attestation';
import type { BuilderView, Calibration, Heartbeat } from '#libs/contracts';
import type { BuilderEntity } from '#libs/persistence';

/** Shows a builder as everybody may see it: how its operator is reached stays in the row. */
export function viewOf(row: BuilderEntity): BuilderView {
  return {
    builder: row.id,
    publicKey: row.publicKey,
    operator: { id: row.operator, name: row.operatorLabel, publicKey: row.operatorPublicKey },
    status: row.status,
    statusReason: row.statusReason,
    capabilities: row.capabilities as Capabilities,
    tags: row.tags,
    appliedAt: row.appliedAt.toISOString(),
    approvedAt: row.approvedAt?.toISOString() ?? null,
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    agentVersion: row.agentVersion,
    heartbeat: row.heartbeat as Heartbeat | null,
    calibration: row.calibration as Calibration | null,
  };
}
