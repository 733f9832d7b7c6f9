import 'reflect-metadata';
import { z } from 'zod';
import {
  checkCopy,
  checkDatabase,
  LogFolder,
  PersistenceError,
  type DatabaseCheck,
  type LogCheck,
} from '#libs/persistence';
import { ConfigError, readConfig } from '#libs/platform';
import { ed25519Verifier, parseVkey, TlogError } from '#libs/tlog';
import { openDatabase, sayOf } from './archive/open-database.js';
import { failCommand } from './failed-command.js';

const EXIT = { sound: 0, badEvidence: 4 };

/** What is to be checked, and by which key. */
const Config = z.object({
  DATABASE_URL: z.string().startsWith('postgres').optional(),
  /** A copy of the log; the database otherwise. */
  FSCK_DIR: z.string().min(1).optional(),
  /** Where envelopes are that left the database. */
  ARCHIVE_DIR: z.string().min(1).optional(),
  /** The log's verifier key, `name+id+base64`, from somewhere else than this database. */
  LOG_VKEY: z.string().min(1),
  FSCK_JSON: z.enum(['true', 'false']).default('false'),
});

try {
  const config = readConfig(Config, process.env);
  const { name, publicKey } = parseVkey(config.LOG_VKEY.trim());
  const found = await check(config, name, publicKey);
  const text = config.FSCK_JSON === 'true' ? JSON.stringify(found, null, 2) : sentence(found);
  process.stdout.write(`${text}\n`);
  process.exitCode = found.finding === null ? EXIT.sound : EXIT.badEvidence;
} catch (error) {
  failCommand('fsck', error, { usage: [TlogError, PersistenceError], say: sayOf });
}

async function check(
  { DATABASE_URL: url, FSCK_DIR: folder, ARCHIVE_DIR: archive }: z.infer<typeof Config>,
  origin: string,
  publicKey: Uint8Array,
): Promise<LogCheck | DatabaseCheck> {
  const verifier = ed25519Verifier(origin, publicKey);
  const request = { origin, verifier, publicKey, onProgress: tell };
  if (folder !== undefined) return checkCopy(new LogFolder(folder), request);
  if (url === undefined) throw new ConfigError('name a folder, or a database with --database');
  const dataSource = await openDatabase(url, archive);
  try {
    return await dataSource.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('SET TRANSACTION READ ONLY');
      return checkDatabase(manager, request);
    });
  } finally {
    await dataSource.destroy();
  }
}

function tell(leaves: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${leaves} leaves verified`);
}

function sentence(check: LogCheck | DatabaseCheck): string {
  const { finding, leaves, checkpoints } = check;
  if (finding !== null) {
    const { code, where, detail } = finding;
    return `NOT SOUND: ${where}: ${code}: ${detail} (${leaves} leaves before it are sound)`;
  }
  const log = `sound: ${leaves} leaves, their envelopes and signatures, the tree, ${checkpoints} checkpoints`;
  if (!('rounds' in check)) return log;
  const { rounds, cosignatures, links } = check;
  return `${log}, ${rounds} rounds as the log tells them, ${cosignatures} cosignatures, ${links} links`;
}
