import type { DataSource, EntityManager } from 'typeorm';
import { parseEnvelope, RoundOpen, type Envelope } from '#libs/attestation';
import { SUBJECTS } from '#libs/contracts';
import {
  LogEntryEntity,
  logSize,
  readBodies,
  refillLog,
  requireOwnLog,
  settleLog,
  unsettleLog,
  type LogSource,
  type Refill,
  type RefillRequest,
  type RoundProjection,
} from '#libs/persistence';
import { enqueue } from '../dispatch/outgoing.js';
import { urgencyOf } from '../dispatch/urgency.js';
import { followActs, followKeyRecords, followResults } from './follow-log.js';
import { Holdings, type HeldFile } from './held-files.js';
import { archiveProposal, type FindProposal } from './proposals.js';
import { refillHeld } from './refill-held.js';

/** What a restore needs besides the database. */
export interface RestoreRequest extends RefillRequest {
  /** A copy of the log; null where there is none. */
  readonly source: LogSource | null;
  /** What builders and others hold of the log beside it. */
  readonly held?: readonly HeldFile[];
  /** Of the network whose governance certified the proposals; the Internet Computer's by default. */
  readonly rootKey: Uint8Array | undefined;
  /** Somebody answers for it that nobody holds more of the log. */
  readonly isNewest?: boolean;
}

/**
 * Brings a database that was restored from an older copy up to a copy of its log, and to what its
 * builders hold: leaves, envelopes, proposals, the rows of the rounds, the messages that their builders
 * may not have had, the keys of registered builders, the logs of builds that are to be asked for, and what
 * was ended since: builders, tokens and invites. All of it or nothing: it is one transaction.
 *
 * What came from others may lack what came after it: unless somebody answers for it, a coordinator only
 * reads such a database until witnesses have answered.
 *
 * @throws PersistenceError COPY_UNUSABLE, LOG_CORRUPT, and ARCHIVED where rounds were pruned and their
 *   archive is not at hand; NnsError for a proposal that does not verify
 */
export async function restore(dataSource: DataSource, request: RestoreRequest): Promise<Refill> {
  const { source, held = [], rootKey } = request;
  const holdings = new Holdings(request);
  for (const file of held) await holdings.take(file);
  return dataSource.transaction(async (manager) => {
    const copied = source === null ? null : await refillLog(manager, source, request);
    const added = held.length === 0 ? null : await refillHeld(manager, holdings, request);
    const refill = inOne(copied, added) ?? (await nothing(manager));
    const find: FindProposal = async ({ id, payloadSha256 }) =>
      (await source?.proposal(id)) ?? holdings.proposals.get(payloadSha256);
    for (const round of refill.rounds) {
      await archiveProposal(manager, RoundOpen.parse(round.row.open), { find, rootKey });
      await resend(manager, round, new Date());
    }
    await followKeyRecords(manager, refill.from);
    await followActs(manager, refill.from);
    await followResults(manager, refill.from, new Date());
    if (request.isNewest === true) {
      await requireOwnLog(manager, request);
      await settleLog(manager);
    } else if (refill.from < refill.size) await unsettleLog(manager);
    return refill;
  });
}

/** What two refills brought back, the second upon the first. */
function inOne(first: Refill | null, second: Refill | null): Refill | null {
  if (first === null || second === null) return first ?? second;
  const later = new Set(second.rounds.map(({ row }) => row.id));
  const earlier = first.rounds.filter(({ row }) => !later.has(row.id));
  return { from: first.from, size: second.size, rounds: [...earlier, ...second.rounds] };
}

async function nothing(manager: EntityManager): Promise<Refill> {
  const size = await logSize(manager);
  return { from: size, size, rounds: [] };
}

/** Tells the builders of a round once more what the log says of it; what they know changes nothing. */
async function resend(
  manager: EntityManager,
  { row, seats }: RoundProjection,
  now: Date,
): Promise<void> {
  const round = row.id;
  const urgency = await urgencyOf(manager, RoundOpen.parse(row.open));
  const logged = await ownWords(manager, round);
  const [roundOpen] = logged.get('round-open') ?? [];
  const [roundClose] = logged.get('round-close') ?? [];
  const [verdict] = logged.get('verdict') ?? [];
  const amends = logged.get('round-amend') ?? [];
  const invited = new Set(
    RoundOpen.parse(row.open).roster.flatMap((entry) => entry.builders.map((it) => it.builder)),
  );
  for (const builder of seats.keys()) {
    const message = { builder, round };
    if (row.phase !== 'final') {
      const body = { roundOpen, ...(!invited.has(builder) && { amends }), urgency };
      await enqueue(manager, { ...message, kind: SUBJECTS.buildRequested, body }, now);
    }
    if (roundClose !== undefined) {
      const body = { round, roundClose };
      await enqueue(manager, { ...message, kind: SUBJECTS.roundClosed, body }, now);
    }
    if (verdict !== undefined) {
      const body = { round, verdict };
      await enqueue(manager, { ...message, kind: SUBJECTS.verdictLogged, body }, now);
    }
  }
}

async function ownWords(
  manager: EntityManager,
  round: string,
): Promise<ReadonlyMap<string, readonly Envelope[]>> {
  const entries = await manager.find(LogEntryEntity, {
    where: { round },
    order: { index: 'ASC' },
  });
  const spoken = entries.filter(({ builder }) => builder === null);
  // A round that was pruned is touched by what its builders say of its verdict, years later.
  const bodies = await readBodies(
    manager,
    spoken.map(({ envelopeSha256 }) => envelopeSha256),
  );
  const own = new Map<string, Envelope[]>();
  for (const { kind, envelopeSha256 } of spoken) {
    const envelope = parseEnvelope(bodies.get(envelopeSha256) ?? '');
    own.set(kind, [...(own.get(kind) ?? []), envelope]);
  }
  return own;
}
