import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { NnsError } from '#libs/nns';
import {
  HttpSource,
  LogFolder,
  PersistenceError,
  type LogSource,
  type Refill,
} from '#libs/persistence';
import { ConfigError, readConfig, readRootKeyFile } from '#libs/platform';
import { ed25519Verifier, parseVkey, TlogError, type PublicNoteKey } from '#libs/tlog';
import { openDatabase, sayOf } from './archive/open-database.js';
import { failCommand } from './failed-command.js';
import type { HeldFile } from './restore/held-files.js';
import { restore } from './restore/restore.js';
import { updateSchema } from './schema.js';

/** What is to be brought back, from where, and by which key. */
const Config = z.object({
  DATABASE_URL: z.string().startsWith('postgres'),
  /** The log's verifier key, `name+id+base64`. */
  LOG_VKEY: z.string().min(1),
  /** A folder that `log export` made, or the URL of a coordinator. */
  RESTORE_FROM: z.string().min(1).optional(),
  /** Files that builders gave out, bundles and proposals, one a line. */
  RESTORE_RECEIPTS: z.string().min(1).optional(),
  /** Whoever runs it answers for it that nobody holds more of the log. */
  RESTORE_NEWEST: z.enum(['true', 'false']).default('false'),
  NNS_ROOT_KEY_FILE: z.string().min(1).optional(),
  /** Where envelopes are that left the database. */
  ARCHIVE_DIR: z.string().min(1).optional(),
  RESTORE_JSON: z.enum(['true', 'false']).default('false'),
});

try {
  const config = readConfig(Config, process.env);
  const refill = await run(config);
  const { from, size } = refill;
  const told = { from, size, rounds: refill.rounds.map(({ row }) => row.id) };
  const text = config.RESTORE_JSON === 'true' ? JSON.stringify(told, null, 2) : sentence(refill);
  process.stdout.write(`${text}\n`);
} catch (error) {
  const badEvidence = [PersistenceError, TlogError, NnsError];
  failCommand('restore', error, { badEvidence, say: sayOf });
}

async function run(config: z.infer<typeof Config>): Promise<Refill> {
  const { name: origin, publicKey } = readVkey(config.LOG_VKEY);
  const source = config.RESTORE_FROM === undefined ? null : sourceAt(config.RESTORE_FROM);
  const held = await readHeld(config.RESTORE_RECEIPTS?.split('\n') ?? []);
  const isNewest = config.RESTORE_NEWEST === 'true';
  if (source === null && held.length === 0 && !isNewest) {
    throw new ConfigError(
      'name a copy of the log with --from, files of its builders with --receipts, or say with --newest that nobody holds more of the log',
    );
  }
  const rootKey = await readRootKeyFile(config.NNS_ROOT_KEY_FILE);
  const dataSource = await openDatabase(config.DATABASE_URL, config.ARCHIVE_DIR);
  try {
    await updateSchema(dataSource);
    const verifier = ed25519Verifier(origin, publicKey);
    const log = { origin, publicKey, verifier };
    const request = { source, held, rootKey, isNewest, ...log, onProgress: tell };
    return await restore(dataSource, request);
  } finally {
    await dataSource.destroy();
  }
}

function readVkey(text: string): PublicNoteKey {
  try {
    return parseVkey(text.trim());
  } catch (cause) {
    if (!(cause instanceof TlogError)) throw cause;
    throw new ConfigError(cause.message, { cause });
  }
}

function sourceAt(from: string): LogSource {
  return /^https?:/.test(from) ? new HttpSource(from) : new LogFolder(from);
}

async function readHeld(paths: readonly string[]): Promise<readonly HeldFile[]> {
  try {
    return await Promise.all(
      paths.map(async (path) => ({ name: path, text: await readFile(path, 'utf8') })),
    );
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`a file of receipts cannot be read: ${why}`, { cause });
  }
}

function tell(leaves: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${leaves} leaves verified`);
}

function sentence({ from, size, rounds }: Refill): string {
  if (from === size) return `nothing to bring back: the database has ${size} leaves`;
  return `brought back leaves ${from} to ${size - 1}, and ${rounds.length} rounds as the log tells them`;
}
