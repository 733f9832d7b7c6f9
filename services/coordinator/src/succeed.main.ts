import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AttestationError } from '#libs/attestation';
import { toHex } from '#libs/encoding';
import { PersistenceError } from '#libs/persistence';
import { ConfigError, readConfig } from '#libs/platform';
import { TlogError } from '#libs/tlog';
import { openDatabase } from './archive/open-database.js';
import { Config as CoordinatorConfig } from './config.js';
import { failCommand } from './failed-command.js';
import { readSigningKey } from './key-file.js';
import { updateSchema } from './schema.js';
import { succeed, type Succession } from './restore/succeed.js';

/** Which log begins, as the coordinator itself is told, and which one it follows. */
const Config = CoordinatorConfig.pick({
  DATABASE_URL: true,
  LOG_ORIGIN: true,
  SIGNING_KEY_FILE: true,
  KEY_PASSPHRASE_FILE: true,
}).extend({
  /** File with the newest signed note of the log that is over. */
  SUCCEED_CHECKPOINT: z.string().min(1),
  SUCCEED_VKEY: z.string().min(1),
  SUCCEED_REASON: z.string().min(1),
  SUCCEED_JSON: z.enum(['true', 'false']).default('false'),
});

try {
  const config = readConfig(Config, process.env);
  const succession = await run(config);
  process.stdout.write(`${textOf(succession, config.SUCCEED_JSON === 'true')}\n`);
} catch (error) {
  failCommand('succeed', error, { badEvidence: [PersistenceError, TlogError, AttestationError] });
}

async function run(config: z.infer<typeof Config>): Promise<Succession> {
  const signer = await readSigningKey(config);
  const note = await readNote(config.SUCCEED_CHECKPOINT);
  const dataSource = await openDatabase(config.DATABASE_URL);
  try {
    await updateSchema(dataSource);
    return await succeed(dataSource, {
      ...{ origin: config.LOG_ORIGIN, signer, note, vkey: config.SUCCEED_VKEY.trim() },
      ...{ reason: config.SUCCEED_REASON, now: new Date() },
    });
  } finally {
    await dataSource.destroy();
  }
}

async function readNote(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`the checkpoint cannot be read: ${why}`, { cause });
  }
}

function textOf({ said, ended, isNew }: Succession, isJson: boolean): string {
  const { origin, predecessor } = said;
  const [size, root] = [Number(ended.size), toHex(ended.root)];
  if (isJson) {
    return JSON.stringify({ origin, predecessor: predecessor.origin, size, root, isNew }, null, 2);
  }
  const what = `${origin} follows ${predecessor.origin}, which ended at size ${size} with root ${root}`;
  return isNew ? what : `said before, and unchanged: ${what}`;
}
