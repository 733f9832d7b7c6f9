import { z } from 'zod';

const bytes = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** Names of users, or ids; a name as useradd(8) takes it. */
const USER = /^(?:[a-z_][a-z0-9_-]{0,31}|[1-9][0-9]{0,9})$/;

/** The part of the configuration that holds a stranger's build script in; docs/isolation.md. */
export const ISOLATION_CONFIG = {
  /**
   * Who runs builds where the agent is root: a user, one for each build that may run at a time,
   * comma separated; `none` for the agent's own.
   */
  BUILD_USER: z
    .string()
    .default('repro-quorum-build')
    .transform((text) => text.split(',').flatMap((name) => name.trim() || []))
    .refine((names) => names.length > 0 && names.every((name) => USER.test(name)), {
      error: 'names no user: a name, or an id, of a user who is nobody else, or `none`',
    })
    .transform((names): string[] => (names.includes('none') ? [] : [...new Set(names)])),
  /** Seconds that a build may take at most, however much it does. */
  BUILD_TIMEOUT_SECONDS: z.coerce.number().positive().max(2_000_000).default(172_800),
  /** Most processes and threads of a build. */
  BUILD_PROCESSES: z.coerce.number().int().min(16).max(4_194_304).default(16_384),
  /** Most memory of a build; default nine tenths of the machine's where builds have their own user. */
  BUILD_MEMORY_BYTES: bytes.optional(),
  /** Most that a build may take of disks; default all but BUILD_DISK_RESERVE_BYTES. */
  BUILD_DISK_BYTES: bytes.optional(),
  /** `loop`: a filesystem of BUILD_DISK_BYTES for each build, made by root; `watch`: what it takes is measured. */
  BUILD_DISK: z.enum(['watch', 'loop']).default('watch'),
  /**
   * What a build leaves free on its disks, as the agent's outbox may lie on one of them; a filesystem that
   * has less from the start is the build's to fill.
   */
  BUILD_DISK_RESERVE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(256 * 1024 ** 2),
  /** Most that a build may print; the first 256 MiB of it are kept. */
  BUILD_LOG_BYTES: bytes.default(1024 ** 3),
  /** Most open files of one process of a build, where builds have their own user. */
  BUILD_OPEN_FILES: z.coerce.number().int().min(64).max(1_048_576).default(65_536),
};
