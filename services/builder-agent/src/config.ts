import { tmpdir } from 'node:os';
import { z } from 'zod';
import { Id } from '#libs/attestation';
import { catalogue } from '#libs/fingerprint';
import { createAllowList, IcosError } from '#libs/icos';
import { LOG_LEVELS } from '#libs/platform';
import { ISOLATION_CONFIG } from './build/isolation-config.js';
import { connectionSettings } from './connection/connection-settings.js';
import { jobSettings } from './jobs/job-settings.js';
import { metricsSettings } from './metrics/metrics-settings.js';

const list = (fallback: string): z.ZodType<string[]> =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []));

const FACTS: ReadonlySet<string> = new Set(catalogue.map(({ name }) => name));

/** A host that is misspelt is told at the start: found at a build's end, it would cost the build. */
function checkAllowList(hosts: string[], context: z.RefinementCtx): void {
  try {
    createAllowList(hosts);
  } catch (error) {
    if (!(error instanceof IcosError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
}

/** The agent's configuration: environment variables, read once in `main.ts`. */
export const Config = z
  .object({
    ...connectionSettings,
    /** The coordinator's verifier key, pinned: what `GET /v1/log/key` prints. */
    COORDINATOR_VKEY: z.string().min(1),
    /** DER file with the root key that a proposal's certificate has to lead to; the IC's own by default. */
    NNS_ROOT_KEY_FILE: z.string().min(1).optional(),
    /** PEM file with this builder's Ed25519 key. */
    KEY_FILE: z.string().min(1),
    /** The builder's id where the key was rotated: that of its first key. Default: this key's own. */
    BUILDER_ID: Id.optional(),
    /** PEM file with another Ed25519 key, which cosigns the log's checkpoints; none: no witness. */
    WITNESS_KEY_FILE: z.string().min(1).optional(),
    /** File with the passphrase of keys that are locked. */
    KEY_PASSPHRASE_FILE: z.string().min(1).optional(),
    /** Jobs, sealed results and receipts. Losing it before a receipt loses a result. */
    STATE_DIR: z.string().min(1),
    /** The bare repository that all builds share. */
    CACHE_DIR: z.string().min(1),
    /** Where commits are checked out and built. */
    BUILD_DIR: z.string().min(1),
    /** The build's temp directory; its filesystem can change a hash. */
    BUILD_TMPDIR: z.string().min(1).default(tmpdir()),
    /** Persistent home of builds; `.container-run.conf` there is used by the commit's own script. */
    BUILD_HOME: z.string().min(1),
    /** `cold`: each build gets an empty home. `warm`: BUILD_HOME itself, with what it holds. */
    BUILD_CACHE: z.enum(['cold', 'warm']).default('cold'),
    /** Most processors that a build may use, for machines with little memory; default all. */
    BUILD_JOBS: z.coerce.number().int().min(1).max(4096).optional(),
    ...ISOLATION_CONFIG,
    /** A table of eras instead of the one of this version; `docs/files.md` has the form. */
    ERAS_FILE: z.string().min(1).optional(),
    /** Where the source is fetched from. */
    GIT_URL: z.url().default('https://github.com/dfinity/ic.git'),
    /** Where builds are published, comma separated. */
    CDN_BASES: list('https://download.dfinity.systems,https://download.dfinity.network'),
    /** Hosts that may be fetched from, `scheme://host[:port]`, comma separated. */
    ALLOWED_HOSTS: list(
      'https://download.dfinity.systems,https://download.dfinity.network',
    ).superRefine(checkAllowList),
    /** Seconds without any output or growth after which a build is given up. Never its duration. */
    IDLE_TIMEOUT_SECONDS: z.coerce.number().positive().default(3_600),
    /** Facts about this machine that never leave it, comma separated. */
    WITHHELD_FACTS: list('').refine((names) => names.every((name) => FACTS.has(name)), {
      // A misspelt name would publish what was to be kept back, or lose a build at its very end.
      error: 'names a fact that there is not: without PUBLICATION_CONSENT the agent lists all',
    }),
    ...jobSettings,
    ...metricsSettings,
    /**
     * What is answered of the builds of rounds whose results are logged: `pages` of manifests, `bytes`
     * of files as well, or nothing; `off` makes no manifests either.
     */
    EXPLAIN: z.enum(['pages', 'bytes', 'off']).default('bytes'),
    /** Whether the masked logs of builds are shown: once the result is logged, or live where a round is not blind. */
    SHOW_LOGS: z.enum(['yes', 'no']).default('yes'),
    /** Most bytes that kept images may take on STATE_DIR's disk, of the newest rounds; 0 for none. */
    KEPT_IMAGES_BYTES: z.coerce
      .number()
      .int()
      .min(0)
      .default(60 * 1024 ** 3),
    /** `yes` once the operator has seen what becomes public for ever, and agrees. */
    PUBLICATION_CONSENT: z.enum(['yes', 'no']).default('no'),
    LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  })
  .refine(({ NATS_URL, COORDINATOR_URL }) => (NATS_URL ?? COORDINATOR_URL) !== undefined, {
    path: ['COORDINATOR_URL'],
    error: 'is missing, and so is NATS_URL: one of them has to tell where the coordinator is',
    // Told with everything else that is missing.
    when: () => true,
  });
export type Config = z.infer<typeof Config>;
