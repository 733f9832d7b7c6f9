/** Programs that are asked a short question, by name or by path. */
export type ToolName =
  | 'bash'
  | 'docker'
  | 'flock'
  | 'getent'
  | 'git'
  | 'ip'
  | 'newuidmap'
  | 'podman'
  | 'setpriv'
  | 'sudo'
  | 'systemd-detect-virt'
  | 'wsl.exe';

/** Where to look, and as whom. Paths are absolute; they need not exist yet. */
export interface MachineRequest {
  readonly buildDir: string;
  readonly cacheDir: string;
  readonly tempDir: string;
  readonly home: string;
  /** The environment that the build will have: locale, time zone and PATH are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** File mode creation mask that the build will have, such as 0o022. */
  readonly umask: number;
  /** Time for each fact, in milliseconds; 5,000 by default. Facts are read side by side. */
  readonly timeoutMs?: number;
  /** Who is to run builds where the agent is root; not looked at by default. */
  readonly buildUser?: string;
  /** Other names or paths of the programs that are asked. */
  readonly commands?: Readonly<Partial<Record<ToolName, string>>>;
}

/** Default of {@link MachineRequest.timeoutMs}. */
export const DEFAULT_TIMEOUT_MS = 5_000;

/** A request with its defaults filled in. */
export type Looking = MachineRequest & { readonly timeoutMs: number };

/** Where to look for what preflight needs beside the facts. */
export interface ExtrasRequest extends MachineRequest {
  /** The caller's own environment, of which a build sees little: whether it is a nix-shell. */
  readonly shell?: Readonly<Record<string, string | undefined>>;
  /** Hosts that are asked for the time, as URLs; none by default. */
  readonly clockUrls?: readonly string[];
}
