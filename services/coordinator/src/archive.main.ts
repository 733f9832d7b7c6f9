import 'reflect-metadata';
import { z } from 'zod';
import { PersistenceError, type ArchiveChoice } from '#libs/persistence';
import { ConfigError, ProblemError, readConfig } from '#libs/platform';
import { parseVkey, TlogError } from '#libs/tlog';
import { archiveRounds, type Archived } from './archive/archive-rounds.js';
import { openDatabase } from './archive/open-database.js';
import { remedied } from './database-refusal.js';
import { failCommand } from './failed-command.js';
import { updateSchema } from './schema.js';

/** Which rounds are archived, and to where. */
const Config = z.object({
  DATABASE_URL: z.string().startsWith('postgres'),
  /** The log's verifier key, from somewhere else than this database. */
  LOG_VKEY: z.string().min(1),
  ARCHIVE_DIR: z.string().min(1),
  ARCHIVE_BEFORE: z.iso.date().or(z.iso.datetime()).optional(),
  ARCHIVE_KEEP: z.coerce.number().int().min(0).optional(),
  ARCHIVE_PRUNE: z.enum(['true', 'false']).default('false'),
  ARCHIVE_JSON: z.enum(['true', 'false']).default('false'),
});

try {
  const config = readConfig(Config, process.env);
  const archived = await run(config);
  const text = config.ARCHIVE_JSON === 'true' ? JSON.stringify(archived, null, 2) : told(archived);
  process.stdout.write(`${text}\n`);
} catch (error) {
  const kinds = { usage: [TlogError], badEvidence: [PersistenceError, ProblemError] };
  const insufficientPrivilege = 'this takes the owner of the tables: name it by --database';
  failCommand('archive', remedied(error, { insufficientPrivilege }), kinds);
}

async function run(config: z.infer<typeof Config>): Promise<Archived> {
  const logKey = parseVkey(config.LOG_VKEY.trim());
  const dataSource = await openDatabase(config.DATABASE_URL);
  try {
    await updateSchema(dataSource);
    return await archiveRounds(dataSource, {
      choice: choiceOf(config),
      folder: config.ARCHIVE_DIR,
      logKey,
      isPruned: config.ARCHIVE_PRUNE === 'true',
      onProgress: (text) => {
        if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
      },
    });
  } finally {
    await dataSource.destroy();
  }
}

function choiceOf({ ARCHIVE_BEFORE, ARCHIVE_KEEP }: z.infer<typeof Config>): ArchiveChoice {
  if (ARCHIVE_BEFORE !== undefined && ARCHIVE_KEEP === undefined) {
    return { before: new Date(ARCHIVE_BEFORE) };
  }
  if (ARCHIVE_KEEP !== undefined && ARCHIVE_BEFORE === undefined) return { keep: ARCHIVE_KEEP };
  throw new ConfigError('say which rounds: either --before DATE or --keep N');
}

function told({ rounds, leaves, pruned }: Archived): string {
  const gone = pruned === 0 ? '' : `; ${pruned} envelopes left the database`;
  return `${rounds.length} rounds and ${leaves} leaves of the log are archived, and verified${gone}`;
}
