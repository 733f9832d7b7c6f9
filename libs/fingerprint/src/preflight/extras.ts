/** What became of asking a folder to be written to. */
export type FolderState = 'writable' | 'not-writable' | 'cannot-be-made' | 'not-a-folder';

/**
 * What preflight looks at beside the fingerprint: it decides whether a build can run, and cannot
 * change what comes out. `null` is what could not be read.
 */
export interface MachineExtras {
  /** Version, or `none` where it is not installed. */
  readonly 'engine.podman': string | null;
  readonly 'engine.docker': string | null;
  /** Whether sudo works without a question, would ask, or is not installed. */
  readonly 'sudo.use': 'asks' | 'free' | 'none' | null;
  readonly 'tool.bash': boolean | null;
  readonly 'tool.flock': boolean | null;
  readonly 'tool.newuidmap': boolean | null;
  /** Subordinate ids that the user has, counted. */
  readonly 'rootless.user-ids': number | null;
  readonly 'rootless.group-ids': number | null;
  /** `allowed`, or the setting of the kernel that forbids user namespaces without root. */
  readonly 'rootless.namespaces': string | null;
  readonly 'cgroup.version': 1 | 2 | null;
  /** Whether the hierarchy has a controller for the number of processes. */
  readonly 'cgroup.pids': boolean | null;
  /** Whether WSL has moved the hierarchy below a folder of its own, as it does since 2.9. */
  readonly 'cgroup.moved': boolean | null;
  /** What podman is told in files for the whole system, or for this user; `default` if nothing. */
  readonly 'cgroup.manager': string | null;
  readonly 'cgroup.user-manager': string | null;
  /** As `wsl.exe --version` tells it; `none` outside of WSL. */
  readonly 'wsl.version': string | null;
  readonly 'init.systemd': boolean | null;
  /** Who is to run builds, as far as that was asked; `no-rights` where this is not root. */
  readonly 'isolation.user': 'own' | 'missing' | 'can-log-in' | 'root' | 'no-rights' | null;
  /** A way by which that user becomes root. */
  readonly 'isolation.root': 'none' | 'sudo' | 'socket' | null;
  /** Whether that user can reach the addresses of cloud metadata. */
  readonly 'isolation.metadata': 'blocked' | 'open' | null;
  /** Whether the caller runs inside of a nix-shell. */
  readonly 'shell.nix': boolean;
  readonly 'folder.build': FolderState | null;
  readonly 'folder.cache': FolderState | null;
  readonly 'folder.temp': FolderState | null;
  readonly 'folder.home': FolderState | null;
  /** Where they are: for commands that mend them, and never to leave the machine. */
  readonly 'path.build': string;
  readonly 'path.cache': string;
  readonly 'path.temp': string;
  readonly 'path.home': string;
  /** This clock minus the hosts', in milliseconds; null where none was asked or answered. */
  readonly 'clock.skew': number | null;
}
