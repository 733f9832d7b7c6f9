import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { checkDatabase, databaseOptions, type DatabaseCheck } from '#libs/persistence';
import { ConfigError, readConfig } from '#libs/platform';
import { ed25519Verifier, parseVkey, TlogError } from '#libs/tlog';

const EXIT = { sound: 0, usage: 2, badEvidence: 4 };

/** What is to be checked, and by which key. */
const Config = z.object({
  DATABASE_URL: z.string().startsWith('postgres'),
  /** The log's verifier key, `name+id+base64`, from somewhere else than this database. */
  LOG_VKEY: z.string().min(1),
  FSCK_JSON: z.enum(['true', 'false']).default('false'),
});

try {
  const config = readConfig(Config, process.env);
  const { name, publicKey } = parseVkey(config.LOG_VKEY.trim());
  const found = await check(config.DATABASE_URL, name, publicKey);
  const text = config.FSCK_JSON === 'true' ? JSON.stringify(found, null, 2) : sentence(found);
  process.stdout.write(`${text}\n`);
  process.exitCode = found.finding === null ? EXIT.sound : EXIT.badEvidence;
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof TlogError)) throw error;
  process.stderr.write(`fsck: ${error.message}\n`);
  process.exitCode = EXIT.usage;
}

async function check(url: string, origin: string, publicKey: Uint8Array): Promise<DatabaseCheck> {
  const dataSource = await new DataSource(databaseOptions(url)).initialize();
  try {
    return await dataSource.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('SET TRANSACTION READ ONLY');
      const verifier = ed25519Verifier(origin, publicKey);
      return checkDatabase(manager, { origin, verifier, publicKey, onProgress: tell });
    });
  } finally {
    await dataSource.destroy();
  }
}

function tell(leaves: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${leaves} leaves verified`);
}

function sentence({ finding, ...counts }: DatabaseCheck): string {
  const { leaves, checkpoints, rounds, cosignatures, links } = counts;
  if (finding === null) {
    return (
      `sound: ${leaves} leaves, their envelopes and signatures, the tree, ${checkpoints} checkpoints, ` +
      `${rounds} rounds as the log tells them, ${cosignatures} cosignatures, ${links} links`
    );
  }
  const { code, where, detail } = finding;
  return `NOT SOUND: ${where}: ${code}: ${detail} (${leaves} leaves before it are sound)`;
}
