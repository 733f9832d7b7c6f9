import type { EntityManager } from 'typeorm';
import { subjectFor } from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { OutgoingEntity } from '#libs/persistence';

/** A message to a builder. */
export interface Outgoing {
  readonly kind: string;
  readonly builder: string;
  readonly body: object;
  readonly round: string;
}

/** Writes a message in the caller's transaction; the same one again changes nothing. */
export async function enqueue(
  manager: EntityManager,
  { kind, builder, body: content, round }: Outgoing,
  now: Date,
): Promise<void> {
  const subject = subjectFor(kind, builder);
  const body = JSON.stringify(content);
  await manager
    .createQueryBuilder()
    .insert()
    .into(OutgoingEntity)
    .values({
      id: sha256(`${subject}\n${body}`),
      subject,
      body,
      round,
      createdAt: now,
      sentAt: null,
    })
    .orIgnore()
    .execute();
}
