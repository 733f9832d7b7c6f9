import { EmbeddedError } from './error.js';
import { isOwned } from './owner.js';
import { pollUntil } from './poll.js';
import { findProcess } from './processes.js';

/** How long a server whose parent was killed may take to end. */
const TIMEOUT_MS = 10_000;

/**
 * Waits until no process serves a data directory any more. A server whose parent was killed is
 * about to end and is waited for; one whose parent lives is not.
 *
 * @throws EmbeddedError ALREADY_RUNNING
 */
export async function awaitVacancy(
  dataDir: string,
  serves: (pid: number) => Promise<boolean>,
): Promise<void> {
  let server: number | undefined;
  await pollUntil(TIMEOUT_MS, async () => {
    server = await findProcess(serves);
    return server === undefined || (await isOwned(dataDir));
  });
  if (server === undefined) return;
  throw new EmbeddedError(
    'ALREADY_RUNNING',
    `a server (process ${server}) already runs on ${JSON.stringify(dataDir)}: stop it, or name another directory`,
  );
}
