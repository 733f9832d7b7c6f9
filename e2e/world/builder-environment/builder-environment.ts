/** A filesystem of its own under a builder's temp folder, gone with the builder's last process. */
export type TempFilesystem =
  | { readonly type: 'tmpfs'; readonly sizeBytes: number }
  | {
      readonly type: 'ext4';
      readonly sizeBytes: number;
      readonly blockSizeBytes: 1024 | 2048 | 4096;
    };

/** The surroundings of one builder process; what is left out is as on the machine that runs it. */
export interface BuilderEnvironment {
  /** Stands for the home folder. Absolute. */
  readonly home: string;
  /** Content of `~/.container-run.conf`, the user's knob on the build's container. */
  readonly containerRunConf?: string | undefined;
  readonly hostname?: string | undefined;
  /** Octal in writing: `0o022`. */
  readonly umask?: number | undefined;
  /** Value of LC_ALL and LANG: `C.UTF-8` unless given. */
  readonly locale?: string | undefined;
  /** Value of TZ: `UTC` unless given. */
  readonly timezone?: string | undefined;
  /** Value of TMPDIR. Absolute. */
  readonly tempDir: string;
  /** Mounted over `tempDir`, for this builder's eyes only. */
  readonly tempFilesystem?: TempFilesystem | undefined;
  /** No file may grow beyond this (RLIMIT_FSIZE). */
  readonly fileSizeLimitBytes?: number | undefined;
  /** A process may open no more files than this (RLIMIT_NOFILE). */
  readonly openFilesLimit?: number | undefined;
  /** Of the processors that are there, the first so many. */
  readonly processors?: number | undefined;
  /** Calls the kernel 2.6, as `uname -r` then does (personality UNAME26). */
  readonly isOldKernel?: boolean | undefined;
  /** Name of the user who builds, with the home and temp folder for its own. Needs root. */
  readonly user?: string | undefined;
}

/** Content of a `~/.container-run.conf` that hands a package mirror's URL to the build. */
export function mirrorConf(mirrorUrl: string): string {
  return `PODMAN_RUN_USR_ARGS=(--env MIRROR_URL=${mirrorUrl})\n`;
}
