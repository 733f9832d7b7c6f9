import type { EntityManager } from 'typeorm';
import type { ProposalRef, RoundOpen } from '#libs/attestation';
import { canonicalJson, fromBase64, quote, sha256 } from '#libs/encoding';
import { decodePayload, evidenceFromJson, verifyEvidence } from '#libs/nns';
import { PersistenceError, ProposalEntity, type ProposalCopy } from '#libs/persistence';

/** Finds what proves a proposal among what was given; undefined where nobody gave it. */
export type FindProposal = (named: ProposalRef) => Promise<ProposalCopy | undefined>;

/**
 * Archives the proposal of a round from a copy, unless it is there: exactly what RoundOpen names by its
 * digests, verified once more.
 *
 * @throws PersistenceError COPY_UNUSABLE where the copy lacks it, or has another
 * @throws NnsError where it does not prove what it says
 */
export async function archiveProposal(
  manager: EntityManager,
  { proposal: named }: RoundOpen,
  { find, rootKey }: { readonly find: FindProposal; readonly rootKey: Uint8Array | undefined },
): Promise<void> {
  if (named === null || (await manager.existsBy(ProposalEntity, { id: named.id }))) return;
  const copy = await find(named);
  const payload = copy?.payload == null ? null : fromBase64(copy.payload);
  const evidence = copy === undefined ? '' : canonicalJson(copy.evidence);
  const isNamed =
    payload !== null &&
    sha256(payload) === named.payloadSha256 &&
    sha256(evidence) === named.evidenceSha256;
  if (!isNamed) {
    throw new PersistenceError(
      'COPY_UNUSABLE',
      `nobody gave the payload and the certificate of proposal ${quote(named.id)} that its round names: a copy, the round’s bundle and /v1/proposals/${named.id}/evidence have them`,
    );
  }
  const { proposal, certifiedTimeNs } = await verifyEvidence(
    evidenceFromJson(JSON.parse(evidence)),
    { rootKey },
  );
  const ends = proposal.deadlineTimestampSeconds;
  await manager.insert(ProposalEntity, {
    ...{ id: named.id, title: proposal.title ?? '', url: proposal.url },
    ...{ nnsFunction: named.nnsFunction, payload: Buffer.from(payload), evidence },
    decision: decodePayload(named.nnsFunction, payload),
    votingEndsAt: ends === null ? null : new Date(ends * 1000),
    archivedAt: new Date(Number(certifiedTimeNs / 1_000_000n)),
  });
}
