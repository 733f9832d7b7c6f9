import { z } from 'zod';

const SERVER = /^(?:nats|tls|wss?):\/\/[^\s,]+$/;

/** How an agent reaches its coordinator. */
export const connectionSettings = {
  /**
   * Where NATS answers, comma separated, in the order in which ways there are tried. Default: what the
   * coordinator at COORDINATOR_URL tells.
   */
  NATS_URL: z
    .string()
    .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []))
    .refine((urls) => urls.length > 0 && urls.every((url) => SERVER.test(url)), {
      error: 'expected nats://, tls://, ws:// or wss://',
    })
    .optional(),
  /** Where the coordinator's HTTP API answers; asked where NATS does not, for credentials and bundles. */
  COORDINATOR_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** File with the builder's NATS key, which signs it in where NATS asks who it is. */
  NATS_KEY_FILE: z.string().min(1).optional(),
  /** PEM file of certificate authorities that are trusted beside the usual ones. */
  CA_FILE: z.string().min(1).optional(),
};
