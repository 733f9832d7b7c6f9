import type { DurableMessage, MessagingError } from '#libs/messaging';

/** A row of the outbox with the messages that it stands for, one for each builder. */
export interface SentRow {
  readonly id: string;
  readonly messages: readonly DurableMessage[];
}

/** A row that is too large ever to be taken. */
export interface RefusedRow extends SentRow {
  readonly reason: string;
}

/** What became of a batch. */
export interface BatchOutcome {
  readonly sent: readonly SentRow[];
  readonly refused: readonly RefusedRow[];
  /** Why some rows are to be sent again; null where none is. */
  readonly waitsFor: MessagingError | null;
}

/**
 * Sorts rows by what became of their messages. What a stream refuses for now, because it is full or
 * out of storage, is no fault of the row, which waits; only what is too large is set aside.
 */
export function batchOutcome(
  rows: readonly SentRow[],
  failures: ReadonlyMap<DurableMessage, MessagingError>,
): BatchOutcome {
  const sent: SentRow[] = [];
  const refused: RefusedRow[] = [];
  let waitsFor: MessagingError | null = null;
  for (const row of rows) {
    const own = row.messages.flatMap((message) => failures.get(message) ?? []);
    const [first] = own;
    const passing = own.find(({ code }) => code !== 'TOO_LARGE');
    if (first === undefined) sent.push(row);
    else if (passing === undefined) refused.push({ ...row, reason: first.message });
    else waitsFor ??= passing;
  }
  return { sent, refused, waitsFor };
}
