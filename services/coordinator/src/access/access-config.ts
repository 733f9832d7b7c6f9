import { isIP } from 'node:net';
import { z } from 'zod';
import type { DatabaseLimits } from '#libs/persistence';

/** Words between commas; none for an empty text. */
function listOf<T>(each: z.ZodType<T, string>): z.ZodType<T[], string | undefined> {
  return z
    .string()
    .default('')
    .transform((text) => text.split(',').map((word) => word.trim()))
    .transform((words) => words.filter((word) => word !== ''))
    .pipe(z.array(each));
}

const Limit = z.coerce.number().int().min(1).max(1_000_000_000);

/** An address, or a network of addresses. */
const Proxy = z.string().refine(
  (text) => {
    const [address = '', bits] = text.split('/');
    const family = isIP(address);
    return (
      family !== 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && isWithin(bits, family)))
    );
  },
  { message: 'expected addresses such as 10.0.0.7 or 10.0.0.0/24' },
);

/** What may be asked of the front door, as variables of the coordinator. */
export const ACCESS_CONFIG = {
  /** File with an access token that may do everything, made known at the start; its owner's alone. */
  ADMIN_TOKEN_FILE: z.string().min(1).optional(),
  /** Certificate chain and key, PEM: with both the API is served over TLS. */
  TLS_CERT_FILE: z.string().min(1).optional(),
  TLS_KEY_FILE: z.string().min(1).optional(),
  /** Where NATS takes WebSockets: with it builders reach NATS at `/nats` of this API's own port. */
  NATS_WEBSOCKET_URL: z
    .string()
    .regex(/^wss?:\/\/[^\s,]+$/, 'expected ws:// or wss://')
    .optional(),
  /** Whose word on the caller's address is taken; nobody's by default. */
  TRUSTED_PROXIES: listOf(Proxy),
  /** Pages of which other origins may read this API in a browser; none by default. */
  CORS_ORIGINS: listOf(
    z.string().refine((text) => URL.parse(text)?.origin === text, {
      message: 'expected origins such as https://quorum.example',
    }),
  ),
  /** How much one address may ask for. */
  READS_PER_MINUTE: Limit.default(6_000),
  CHANGES_PER_MINUTE: Limit.default(600),
  KEYS_PER_HOUR: Limit.default(120),
  ENROLMENTS_PER_HOUR: Limit.default(60),
  WRONG_TOKENS_PER_MINUTE: Limit.default(20),
  /** Seconds that a client has to send a request, all of it. */
  REQUEST_SECONDS: z.coerce.number().int().min(1).max(600).default(30),
  /** Seconds that one statement in the database may take, and half of which it may wait for a lock. */
  STATEMENT_SECONDS: z.coerce.number().int().min(1).max(3_600).default(60),
} as const;

export const AccessConfig = z.object(ACCESS_CONFIG);
export type AccessConfig = z.infer<typeof AccessConfig>;

function isWithin(bits: string, family: number): boolean {
  // A network of everybody would have every caller choose its own address.
  return Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128);
}

/** Gives how long the database may be kept busy by what serves: people, builders and the log alike. */
export function servingLimits({ STATEMENT_SECONDS: seconds }: AccessConfig): DatabaseLimits {
  const statementMs = seconds * 1000;
  return { statementMs, lockMs: statementMs / 2, idleInTransactionMs: statementMs };
}
