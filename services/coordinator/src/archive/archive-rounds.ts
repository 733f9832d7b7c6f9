import type { DataSource } from 'typeorm';
import { sha256 } from '#libs/encoding';
import {
  attachArchive,
  checkCopy,
  chooseArchivable,
  copyLog,
  DatabaseSource,
  lockLog,
  noteArchived,
  PersistenceError,
  pruneArchived,
  type ArchiveChoice,
} from '#libs/persistence';
import { ed25519Verifier, type PublicNoteKey } from '#libs/tlog';
import { BundleService } from '../reports/bundle.service.js';
import { ArchiveFolder } from './archive-folder.js';
import { checkBundle } from './check-bundle.js';

/** Which rounds go where. */
export interface ArchiveRequest {
  readonly choice: ArchiveChoice;
  readonly folder: string;
  /** The log's key, from elsewhere than the database. */
  readonly logKey: PublicNoteKey;
  /** Whether envelopes leave the database once they are verified in the archive. */
  readonly isPruned: boolean;
  readonly onProgress?: (text: string) => void;
}

/** What was done. */
export interface Archived {
  readonly rounds: readonly { readonly round: string; readonly bundleSha256: string }[];
  /** Leaves of the log that the archive holds. */
  readonly leaves: number;
  /** Envelopes that left the database. */
  readonly pruned: number;
}

/**
 * Writes old rounds into an archive: the log up to now with all its envelopes, and a bundle for each
 * round. What was written is read back and verified, by the log's key; only then is it noted, and only
 * then may anything leave the database. Broken off anywhere, it is gone on with when it is asked again.
 *
 * @throws PersistenceError COPY_UNUSABLE where what was written does not verify; nothing is noted then
 */
export async function archiveRounds(
  dataSource: DataSource,
  { choice, folder: path, logKey, isPruned, onProgress = () => undefined }: ArchiveRequest,
): Promise<Archived> {
  const folder = new ArchiveFolder(path);
  // What left the database before is in this very folder.
  attachArchive(dataSource, folder.log);
  const chosen = await chooseArchivable(dataSource.manager, choice);
  const { name: origin, publicKey } = logKey;
  const { size } = await dataSource.transaction('REPEATABLE READ', async (manager) =>
    copyLog(new DatabaseSource(manager), folder.log),
  );
  onProgress(`${size} leaves are copied`);
  const verifier = ed25519Verifier(origin, publicKey);
  const { finding } = await checkCopy(folder.log, { origin, verifier });
  if (finding !== null) throw unusable(path, `${finding.where}: ${finding.detail}`);
  const bundles = new BundleService(dataSource, {
    config: { LOG_ORIGIN: origin },
    publish: () => Promise.resolve(),
  });
  const rounds: { round: string; bundleSha256: string }[] = [];
  for (const round of chosen) {
    const { lines } = await bundles.ofRound(round);
    const text = await folder.keepBundle(round, lines());
    const fault = await checkBundle(text, logKey);
    if (fault !== null) throw unusable(path, `the bundle of round ${round}: ${fault}`);
    const bundleSha256 = sha256(text);
    await noteArchived(dataSource.manager, {
      ...{ round, bundleSha256, place: path, archivedAt: new Date() },
    });
    rounds.push({ round, bundleSha256 });
    onProgress(`round ${round} is archived, and verified`);
  }
  const pruned = isPruned && chosen.length > 0 ? await prune(dataSource, chosen, size) : 0;
  return { rounds, leaves: size, pruned };
}

/** Under the log's lock: nothing is decided meanwhile by what is about to be elsewhere. */
async function prune(
  dataSource: DataSource,
  rounds: readonly string[],
  archivedSize: number,
): Promise<number> {
  return dataSource.transaction(async (manager) => {
    await lockLog(manager);
    return pruneArchived(manager, rounds, { archivedSize, now: new Date() });
  });
}

function unusable(path: string, detail: string): PersistenceError {
  return new PersistenceError('COPY_UNUSABLE', `the archive ${path} does not verify: ${detail}`);
}
