import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import { MAX_LOG_BYTES, type RoundLogs } from '#libs/contracts';
import { BuildLogEntity, RoundEntity } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { noSuchRound } from '../rounds/round-problems.js';

const decompress = promisify(zstdDecompress);
/** Texts that are at hand, for those who read them piece by piece. */
const MOST_HELD_BYTES = 64 * 1024 ** 2;

/** A stored log. */
export interface StoredLog {
  readonly sha256: string;
  readonly text: Buffer;
}

/** Logs of builds that are stored here. */
@Injectable()
export class LogReaderService {
  private readonly held = new LRUCache<string, StoredLog>({
    maxSize: MOST_HELD_BYTES,
    sizeCalculation: ({ text }) => text.length + 1,
  });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Tells of which builds of a round there are logs, by builder; none before its results are logged.
   *
   * @throws ProblemError no-such-round
   */
  async list(round: string): Promise<RoundLogs> {
    const { manager } = this.dataSource;
    if (!(await manager.existsBy(RoundEntity, { id: round }))) {
      throw noSuchRound(round);
    }
    const rows = await manager.find(BuildLogEntity, {
      select: {
        ...{ round: true, builder: true, sha256: true, state: true },
        ...{ reason: true, sizeBytes: true, storedAt: true },
      },
      where: { round },
      order: { builder: 'ASC' },
    });
    return {
      logs: rows.map(({ builder, sha256, state, reason, sizeBytes, storedAt }) => ({
        ...{ builder, sha256, state, reason, sizeBytes },
        storedAt: storedAt?.toISOString() ?? null,
      })),
    };
  }

  /**
   * Gives the log of one build.
   *
   * @throws ProblemError no-such-log
   */
  async read(round: string, builder: string): Promise<StoredLog> {
    const key = `${round}/${builder}`;
    const held = this.held.get(key);
    if (held !== undefined) return held;
    const row = await this.dataSource.manager.findOneBy(BuildLogEntity, { round, builder });
    if (row?.body == null) {
      const why = row === null ? 'no result names one' : `${row.state}, ${row.reason ?? 'soon'}`;
      throw new ProblemError(
        HttpStatus.NOT_FOUND,
        'no-such-log',
        `the log of builder ${builder} in round ${round} is not here: ${why}`,
      );
    }
    const text = await decompress(row.body, { maxOutputLength: MAX_LOG_BYTES });
    const log = { sha256: row.sha256, text };
    this.held.set(key, log);
    return log;
  }
}
