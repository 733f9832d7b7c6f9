import type { BuildUser } from './build-user.js';
import type { BuildLimits } from './limits.js';
import type { RootWay } from './root-ways.js';

/** How a build is kept from the rest of the machine. */
export interface Confinement {
  /** Who runs it; null for whoever runs this. Another user takes root. */
  readonly user: BuildUser | null;
  /** A way by which that user can be root, if one is known. */
  readonly rootWay: RootWay;
  readonly limits: BuildLimits;
  /** Name of the build's control group, which no other build has; null for none. Only with a user. */
  readonly groupName: string | null;
}

/**
 * How a build was kept apart, as a fact: by a user of its own; by one who can become root, which
 * holds nobody who wants out; or not at all.
 */
export type IsolationKind = 'user' | 'user-with-root' | 'none';

/** Tells the kind of a build that may gain rights, or may not. */
export function isolationKind(
  confinement: Pick<Confinement, 'user' | 'rootWay'> | undefined,
  noNewPrivileges: boolean,
): IsolationKind {
  if (confinement === undefined || confinement.user === null) return 'none';
  const { rootWay } = confinement;
  // Sudo is a program with a set-uid bit; who can write to an engine's socket needs none.
  const isHeld = rootWay === null || (rootWay === 'sudo' && noNewPrivileges);
  return isHeld ? 'user' : 'user-with-root';
}
