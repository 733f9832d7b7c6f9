import type { EntityManager } from 'typeorm';
import type { ProposalRef } from '#libs/attestation';
import { sha256 } from '#libs/encoding';
import { ProposalEntity } from '../entities/proposal.entity.js';
import type { LogFinding } from './log-finding.js';

/** Holds the archived proposal of a round against what its RoundOpen names by digests. */
export async function checkProposal(
  manager: EntityManager,
  named: ProposalRef | null,
): Promise<LogFinding | null> {
  if (named === null) return null;
  const row = await manager.findOneBy(ProposalEntity, { id: named.id });
  const detail = faultIn(row, named);
  return detail === null ? null : { code: 'proposal', where: `proposal ${named.id}`, detail };
}

function faultIn(row: ProposalEntity | null, named: ProposalRef): string | null {
  if (row === null) return 'a round names it, and it is not stored';
  if (row.nnsFunction !== named.nnsFunction) {
    return `column "nns_function" is ${String(row.nnsFunction)}, but its round names ${named.nnsFunction}`;
  }
  if (row.payload === null || sha256(row.payload) !== named.payloadSha256) {
    return 'its payload is not the one that its round names';
  }
  if (sha256(row.evidence) !== named.evidenceSha256) {
    return 'its certificate is not the one that its round names';
  }
  return null;
}
