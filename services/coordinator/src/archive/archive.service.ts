import { join } from 'node:path';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, Not, type DataSource } from 'typeorm';
import { ArchivedRoundEntity, attachArchive, LogFolder } from '#libs/persistence';
import type { Config } from '../config.js';
import { CONFIG } from '../tokens.js';

/** Has archived rounds read from where they are. */
@Injectable()
export class ArchiveService implements OnModuleInit {
  private readonly logger = new Logger(ArchiveService.name);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<Config, 'ARCHIVE_DIR'>,
  ) {
    const { ARCHIVE_DIR: path } = config;
    if (path !== undefined) attachArchive(dataSource, new LogFolder(join(path, 'log')));
  }

  async onModuleInit(): Promise<void> {
    if (this.config.ARCHIVE_DIR !== undefined) return;
    const pruned = await this.dataSource
      .getRepository(ArchivedRoundEntity)
      .countBy({ prunedAt: Not(IsNull()) });
    if (pruned === 0) return;
    this.logger.warn(`${pruned} rounds lie in an archive: without ARCHIVE_DIR they are not served`);
  }
}
