import { z } from 'zod';

const SERVER = /^(?:nats|tls|wss?):\/\/[^\s,]+$/;
const EXPECTED = 'expected nats://, tls://, ws:// or wss://';

const servers = z
  .string()
  .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []))
  .refine((urls) => urls.length > 0 && urls.every((url) => SERVER.test(url)), { error: EXPECTED });

/** How a coordinator reaches NATS, and whom it lets in there. */
export const natsSettings = {
  /** Where NATS answers, comma separated: servers of one cluster. */
  NATS_URL: servers,
  /**
   * Folder of the authority that says who may use NATS; made where it is missing. Default: none, and
   * everybody who reaches NATS may say and hear everything there.
   */
  NATS_AUTHORITY_DIR: z.string().min(1).optional(),
  /** What builders are told as NATS's address, comma separated. Default: NATS_URL. */
  PUBLIC_NATS_URLS: servers.optional(),
  /** PEM file of certificate authorities that NATS's certificate may lead to, beside the usual ones. */
  NATS_CA_FILE: z.string().min(1).optional(),
  /** `strict` starts only where NATS has each message on the disk before it acknowledges it. */
  DURABILITY: z.enum(['any', 'strict']).default('any'),
};
