import { removeBuildFolder } from '../build/remove-build-folder.js';
import { ownedIn, SHARED_FOLDERS } from './disk-usage.js';
import type { BuildUser } from './build-user.js';

/**
 * Removes what a build's user left in folders of everybody, so that it is neither kept nor found by
 * the next build. Only once nothing runs as that user any more: until then, a folder could be
 * exchanged for a link while it is being removed.
 */
export async function removeOwned(user: BuildUser): Promise<void> {
  for (const path of await ownedIn(SHARED_FOLDERS, user)) {
    await removeBuildFolder(path).catch(() => undefined);
  }
}
