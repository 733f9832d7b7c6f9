import { join } from 'node:path';
import { BuilderCredentials } from '#libs/contracts';
import { makeFolderDurably, readIfThere, writeDurably } from '../jobs/durable-file.js';

const FILE = 'nats-credentials.json';

/** Reads the credentials that were kept; null where there are none that can be read. */
export async function readCredentials(stateDir: string): Promise<BuilderCredentials | null> {
  try {
    const text = await readIfThere(join(stateDir, FILE));
    return text === null ? null : BuilderCredentials.parse(JSON.parse(text));
  } catch {
    // They are fetched anew: nothing but time is lost with them.
    return null;
  }
}

/** Keeps credentials, their owner's alone, so that a restart needs no coordinator's HTTP. */
export async function keepCredentials(
  stateDir: string,
  credentials: BuilderCredentials,
): Promise<void> {
  await makeFolderDurably(stateDir);
  await writeDurably(join(stateDir, FILE), JSON.stringify(credentials));
}
