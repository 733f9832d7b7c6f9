import { z } from 'zod';
import { Ask, parseAsk, SelectionError } from '#libs/contracts';
import { LOG_LEVELS } from '#libs/platform';
import { ACCESS_CONFIG } from './access/access-config.js';
import { LIVE_CONFIG } from './live/live-config.js';
import { NOTIFY_CONFIG } from './notify/notify-config.js';
import { natsSettings } from './nats/nats-settings.js';

/** An ask as `round open --ask` takes it. */
const AskText = z.string().transform((text, context) => {
  try {
    return Ask.parse(parseAsk(text));
  } catch (error) {
    const message = error instanceof SelectionError ? error.message : `cannot be asked: ${text}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

/** The coordinator's configuration: environment variables, read once in `main.ts`. */
export const Config = z.object({
  /** Where PostgreSQL answers. */
  DATABASE_URL: z.string().startsWith('postgres'),
  ...natsSettings,
  /** Address to listen on. */
  HOST: z.string().default('127.0.0.1'),
  /** TCP port of the HTTP API; 0 picks a free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Address under which readers reach the pages, without a path; what the request says by default. */
  PUBLIC_URL: z
    .string()
    .refine((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text, {
      message: 'expected an origin such as https://quorum.example.org',
    })
    .optional(),
  /** File with the Ed25519 key that signs rounds, verdicts and checkpoints; its owner's alone. */
  SIGNING_KEY_FILE: z.string().min(1),
  /** File with the passphrase of keys that are locked; its owner's alone, too. */
  KEY_PASSPHRASE_FILE: z.string().min(1).optional(),
  /** Name of the log in its checkpoints: a host and path that stay the coordinator's for ever. */
  LOG_ORIGIN: z
    .string()
    .regex(/^[a-z0-9.-]+(\/[a-z0-9._-]+)*$/)
    .max(200),
  /** Roster file: who is invited to rounds. Read anew whenever a round is opened. */
  ROSTER_FILE: z.string().min(1),
  /** An IC API endpoint. */
  NNS_URL: z.url().default('https://icp-api.io'),
  /** DER file with the root key that certificates have to lead to; the IC's own by default. */
  NNS_ROOT_KEY_FILE: z.string().min(1).optional(),
  /** Opens a round for every new open proposal that elects a version. */
  WATCH_PROPOSALS: z.enum(['true', 'false']).default('false'),
  /** Seconds between two looks at the list of open proposals. */
  WATCH_INTERVAL_SECONDS: z.coerce.number().positive().default(60),
  /** Operators that have to agree unless a request says otherwise. */
  DEFAULT_THRESHOLD: z.string().default('2/3'),
  /** Seconds until a round may close without everybody. */
  DEFAULT_DEADLINE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(30 * 86_400)
    .default(86_400),
  /** Which kinds of builders a round has that names none, such as `operators=3`; everybody otherwise. */
  DEFAULT_ASK: AskText.optional(),
  /** Seconds without a sign of life after which a builder that was asked counts as vanished. */
  VANISHED_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(7 * 86_400)
    .default(900),
  /** Has each builder that was approved rebuild a release that others reproduced. */
  CALIBRATE_BUILDERS: z.enum(['true', 'false']).default('true'),
  /** Seconds after its close that a round waits for reveals. */
  REVEAL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(7 * 86_400)
    .default(3_600),
  /** tlog-policy file: who is asked to witness the log, and how many of them suffice. */
  WITNESS_POLICY_FILE: z.string().min(1).optional(),
  /** Seconds after a round's close from which on builders show results without enough witnesses. */
  WITNESS_FALLBACK_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(7 * 86_400)
    .default(3_600),
  /** Seconds that a witness has for its answer, and that the start waits for all of them. */
  WITNESS_TIMEOUT_SECONDS: z.coerce.number().positive().max(60).default(5),
  /** File with the Ed25519 key that cosigns checkpoints of other logs; its owner's alone. */
  WITNESS_KEY_FILE: z.string().min(1).optional(),
  /** Verifier keys of the logs that are cosigned, with spaces between them. */
  WITNESSED_LOGS: z.string().min(1).optional(),
  /** Archive that `coordinator archive` wrote: what left the database is read from there. */
  ARCHIVE_DIR: z.string().min(1).optional(),
  ...ACCESS_CONFIG,
  ...NOTIFY_CONFIG,
  ...LIVE_CONFIG,
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});
export type Config = z.infer<typeof Config>;
