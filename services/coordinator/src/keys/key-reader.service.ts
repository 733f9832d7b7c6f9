import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { keyStateAt, newestKeys, type KeyLife, type KeyHistory } from '#libs/attestation';
import type { BuilderKeys, KeyRecords } from '#libs/contracts';
import { fromBase64, quote } from '#libs/encoding';
import { ProblemError } from '#libs/platform';
import { LogService } from '../log/log.service.js';
import { KeyBookService } from './key-book.service.js';
import { readKeyPage } from './key-records.js';

/** Shows what the log says of keys. */
@Injectable()
export class KeyReaderService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly book: KeyBookService,
    private readonly log: LogService,
  ) {}

  /** Gives one page of key records in log order, with receipts; `next` is null at the end. */
  async list(after: number, limit: number): Promise<KeyRecords> {
    const rows = await readKeyPage(this.dataSource.manager, after, limit + 1);
    const page = rows.slice(0, limit);
    const records = await Promise.all(
      page.map(async ({ index, envelope, builder }) => ({
        ...{ envelope, index, kind: 'key' as const, builder },
        proof: await this.log.receipt(index),
      })),
    );
    return { records, next: rows.length > limit ? (page.at(-1)?.index ?? null) : null };
  }

  /**
   * Tells how a builder's newest keys stand now.
   *
   * @throws ProblemError no-key-records
   */
  async standing(builder: string, now: Date): Promise<BuilderKeys> {
    const history = await this.book.read(this.dataSource.manager);
    const life = newestKeys(history, builder);
    if (life === null) {
      throw new ProblemError(
        HttpStatus.NOT_FOUND,
        'no-key-records',
        `nothing is logged of the keys of builder ${quote(builder)}: at most a roster vouches for it`,
      );
    }
    const { operator, keys, bornAt, validFrom, validUntil } = life;
    const own = [...history.lives.values()].filter((each) => each.builder === builder);
    return {
      ...{ builder, operator, keys, keyIndex: bornAt, validFrom, validUntil },
      history: own.map((each) => each.bornAt).toSorted((a, b) => a - b),
      ...stateOf(history, life, now),
    };
  }
}

function stateOf(
  history: KeyHistory,
  life: KeyLife,
  now: Date,
): Pick<BuilderKeys, 'state' | 'revocation'> {
  const key = fromBase64(life.keys.attestation);
  const { state, revocation } = keyStateAt(
    history,
    key,
    Number.MAX_SAFE_INTEGER,
    now.toISOString(),
  );
  if (state === 'rotated') throw new Error(`the newest key of ${life.builder} was rotated`);
  return { state, revocation };
}
