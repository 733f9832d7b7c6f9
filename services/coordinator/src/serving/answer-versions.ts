import type { DataSource } from 'typeorm';

/** What an answer is made of: nothing that changes, the log, the log and one round, or anything stored. */
export type Subject =
  | { readonly kind: 'constant' | 'log' | 'database' }
  | { readonly kind: 'round'; readonly round: string };

/** What is the log's alone: its last entry, its last checkpoint, and who has cosigned that. */
const LOG = `
  (SELECT max("index") FROM "log_entry") AS "entries",
  (SELECT max("size") FROM "log_checkpoint") AS "size",
  (SELECT count(*) FROM "log_cosignature"
   WHERE "size" = (SELECT max("size") FROM "log_checkpoint")) AS "cosigned"`;

/**
 * What reports read beside the log: what builders say of themselves, how they were calibrated, what was
 * found out of this and of other rounds, and the proposal.
 */
const ROUND = `${LOG},
  (SELECT max("made_at") FROM "explanation") AS "explained",
  (SELECT "is_complete" FROM "explanation" WHERE "round" = row."id") AS "isComplete",
  (SELECT jsonb_array_length("replacements") FROM "round_ask" WHERE "round" = row."id") AS "replaced",
  (SELECT md5(string_agg(concat_ws(' ', seat."builder", seat."stage", seat."percent",
     known."calibration"), ',' ORDER BY seat."builder"))
   FROM "round_builder" seat LEFT JOIN "builder" known ON known."id" = seat."builder"
   WHERE seat."round" = row."id") AS "seats",
  (SELECT md5(concat_ws(' ', "title", "voting_ends_at")) FROM "proposal"
   WHERE "id" = row."proposal_id") AS "proposal"`;

/**
 * Which transactions can be seen (PostgreSQL 15, 9.26.8 "Transaction ID and Snapshot Information Functions"):
 * as long as this is the same nothing at all was committed, by whomever, and every row is as it was.
 */
const DATABASE = 'SELECT pg_current_snapshot()::text AS "snapshot"';

/** Reading a version: once for those who came before it began, and once more for all who came since. */
interface Line {
  readonly current: Promise<string | null>;
  next: Promise<string | null> | null;
}

/**
 * Tells what answers are made of as it stands now, so that one that was kept can be given again. Whoever asks is told
 * what was read after he came; all who come while one query is under way are answered by the next one.
 */
export class AnswerVersions {
  private readonly lines = new Map<string, Line>();
  private written = 0;

  constructor(private readonly dataSource: DataSource) {
    dataSource.subscribers.push({
      afterTransactionCommit: () => {
        this.written += 1;
      },
    });
  }

  /** How many transactions this process has committed: after one of its own nothing old is given. */
  get commits(): number {
    return this.written;
  }

  /** Null for what is not to be kept: a round that is not known, or has no verdict yet. */
  read(subject: Exclude<Subject, { kind: 'constant' }>): Promise<string | null> {
    const key = 'round' in subject ? subject.round : subject.kind;
    const line = this.lines.get(key);
    if (line === undefined) return this.begin(key, subject);
    // What is under way may have been read before something that this one has seen already.
    const begin = (): Promise<string | null> => this.begin(key, subject);
    line.next ??= line.current.then(begin, begin);
    return line.next;
  }

  private begin(
    key: string,
    subject: Exclude<Subject, { kind: 'constant' }>,
  ): Promise<string | null> {
    const current = this.query(subject).finally(() => {
      if (line.next === null) this.lines.delete(key);
    });
    const line: Line = { current, next: null };
    this.lines.set(key, line);
    return current;
  }

  private async query(subject: Exclude<Subject, { kind: 'constant' }>): Promise<string | null> {
    const [row] =
      'round' in subject
        ? await this.dataSource.query<object[]>(
            `SELECT ${ROUND} FROM "round" row WHERE row."id" = $1 AND row."phase" = 'final'`,
            [subject.round],
          )
        : await this.dataSource.query<object[]>(
            subject.kind === 'database' ? DATABASE : `SELECT ${LOG}`,
          );
    return row === undefined ? null : JSON.stringify(row);
  }
}
