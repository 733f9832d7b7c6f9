import { IsNull, MoreThanOrEqual, Not, type EntityManager } from 'typeorm';
import {
  keyHistory,
  parseEnvelope,
  parseStatement,
  readAdminAct,
  readResult,
  unverifiedPayload,
  type Actor,
  type AdminAct,
} from '#libs/attestation';
import { BuilderStatus } from '#libs/contracts';
import {
  AccessTokenEntity,
  BuilderEntity,
  BuilderInviteEntity,
  LogEntryEntity,
  readBodies,
} from '#libs/persistence';
import { noteBuildLogs } from '../build-logs/build-log-rows.js';
import { readKeyRecords } from '../keys/key-records.js';
import { followKeys } from '../keys/key-writer.service.js';

/** Results that are held at one time: each may be as large as an envelope may be. */
const RESULTS_AT_ONCE = 256;

/**
 * Gives registered builders the keys that are logged of them from an index on. By the keys in its row
 * NATS lets a builder in: older ones would keep out whoever rotated since.
 */
export async function followKeyRecords(manager: EntityManager, from: number): Promise<void> {
  const records = await manager.find(LogEntryEntity, {
    select: { index: true, builder: true },
    where: { kind: 'key', index: MoreThanOrEqual(from) },
  });
  if (records.length === 0) return;
  const history = keyHistory(await readKeyRecords(manager, -1));
  for (const builder of new Set(records.flatMap((record) => record.builder ?? []))) {
    await followKeys(manager, history, builder);
  }
}

/** Has the logs of builds asked for that results name which came back from an index on. */
export async function followResults(
  manager: EntityManager,
  from: number,
  now: Date,
): Promise<void> {
  for (let next = from; ;) {
    const entries = await manager.find(LogEntryEntity, {
      where: { kind: 'result', index: MoreThanOrEqual(next) },
      order: { index: 'ASC' },
      take: RESULTS_AT_ONCE,
    });
    const last = entries.at(-1);
    if (last === undefined) return;
    const names = entries.map(({ envelopeSha256 }) => envelopeSha256);
    const bodies = await readBodies(manager, names);
    const named = entries.flatMap(({ envelopeSha256, round, builder }) => {
      const envelope = parseEnvelope(bodies.get(envelopeSha256) ?? '');
      const { logSha256: sha256 } = readResult(parseStatement(unverifiedPayload(envelope)));
      const isNamed = sha256 !== null && round !== null && builder !== null;
      return isNamed ? [{ round, builder, sha256 }] : [];
    });
    await noteBuildLogs(manager, named, now);
    next = last.index + 1;
  }
}

/**
 * Orders again what was ordered of approved builders from an index on, and ends again the tokens and
 * invites that were ended: a thief's must not come back with a backup. What was made or approved since
 * is made and approved again by people.
 */
export async function followActs(manager: EntityManager, from: number): Promise<void> {
  const entries = await manager.find(LogEntryEntity, {
    select: { index: true, envelopeSha256: true },
    where: { kind: 'admin-act', index: MoreThanOrEqual(from) },
    order: { index: 'ASC' },
  });
  const names = entries.map(({ envelopeSha256 }) => envelopeSha256);
  const bodies = await readBodies(manager, names);
  for (const name of names) {
    const payload = unverifiedPayload(parseEnvelope(bodies.get(name) ?? ''));
    await followAct(manager, readAdminAct(parseStatement(payload)));
  }
}

async function followAct(
  manager: EntityManager,
  { act, actor, subject, detail, at }: AdminAct,
): Promise<void> {
  const id = subject.slice(subject.indexOf('/') + 1);
  const endedAt = new Date(at);
  if (act === 'token-revoke') {
    const row = { id, revokedAt: IsNull() };
    await manager.update(AccessTokenEntity, row, { revokedAt: endedAt });
  } else if (act === 'invite-withdraw') {
    const row = { id, withdrawnAt: IsNull() };
    await manager.update(BuilderInviteEntity, row, { withdrawnAt: endedAt });
  } else if (act.startsWith('builder-')) {
    await followOrder(manager, id, actor, detail);
  }
}

async function followOrder(
  manager: EntityManager,
  id: string,
  actor: Actor,
  { to, reason }: AdminAct['detail'],
): Promise<void> {
  const status = BuilderStatus.safeParse(to);
  if (!status.success) return;
  // Whoever is not approved in the backup is let in by people alone, and kept out for ever in any case.
  const isApproved = status.data === 'revoked' ? {} : { approvedAt: Not(IsNull()) };
  const ordered = {
    ...{ status: status.data, statusReason: typeof reason === 'string' ? reason : null },
    ...{ statusBy: orderedBy(actor), isNatsDue: true },
  };
  await manager.update(BuilderEntity, { id, ...isApproved }, ordered);
}

function orderedBy({ kind }: Actor): BuilderEntity['statusBy'] {
  return kind === 'operator' || kind === 'coordinator' ? kind : 'group';
}
