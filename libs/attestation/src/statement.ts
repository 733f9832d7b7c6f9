import { z } from 'zod';
import { canonicalJson, quote } from '#libs/encoding';
import { AttestationError } from './error.js';
import {
  quickAny,
  quickList,
  quickObject,
  quickRecord,
  quickText,
  quickValue,
  type QuickMatch,
} from './quick-match.js';
import { STATEMENT_TYPE } from './type-uri.js';

export const Sha256Text = z.string().regex(/^[0-9a-f]{64}$/, 'expected a lower-case hex sha256');
export const Time = z.iso.datetime();
/** A name that may be printed: bounded, without control, bidi or line-breaking characters. */
export const Label = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u, 'must not hold control characters');
/** 32 bytes in standard base64: the one text that they have, without stray bits. */
export const Bytes32 = z
  .string()
  .regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, 'expected base64 of 32 bytes');
/** A builder or operator in ids: what a NATS token, a path and a URL can all hold. */
export const Id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'expected lower-case letters, digits, hyphens');

/**
 * A resource with its digests, as in-toto names things.
 *
 * Source: in-toto attestation spec v1, resource_descriptor.md
 */
export const Resource = z.object({
  name: Label.optional(),
  uri: z.string().max(2000).optional(),
  digest: z.record(z.string().max(40), z.string().max(200)).optional(),
  annotations: z.record(z.string().max(200), z.unknown()).optional(),
});
export type Resource = z.infer<typeof Resource>;

/** A {@link Label} of printable ASCII. */
export const quickLabel = quickText(200, /^[ -~]+$/);
export const quickSha256 = quickText(64, /^[0-9a-f]{64}$/);
export const quickId = quickText(80, /^[a-z0-9][a-z0-9-]*$/);
export const quickResource = quickObject(
  {},
  {
    name: quickLabel,
    uri: quickText(2000),
    digest: quickRecord(quickText(40), quickText(200)),
    annotations: quickRecord(quickText(200), quickAny),
  },
);

/** The shell of every statement: who it is about, and which predicate follows. */
export const Statement = z.object({
  _type: z.literal(STATEMENT_TYPE),
  subject: z.array(Resource).min(1).max(64),
  predicateType: z.string().max(200),
  predicate: z.record(z.string(), z.unknown()),
});
export type Statement = z.infer<typeof Statement>;

export const quickStatement = quickObject({
  _type: quickValue(STATEMENT_TYPE),
  subject: quickList(64, quickResource, 1),
  predicateType: quickText(200),
  predicate: quickRecord(quickText(200), quickAny),
});

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads payload bytes as an in-toto statement.
 *
 * @throws AttestationError MALFORMED_STATEMENT
 * Source: in-toto attestation spec v1, statement.md
 */
export function parseStatement(payload: Uint8Array): Statement {
  let json: unknown;
  try {
    const text = utf8.decode(payload);
    json = JSON.parse(text);
    // Half a surrogate pair is JSON, but what quotes it could never be signed: a failure named so
    // would keep its whole round from a verdict. It can hide in an escape only.
    if (text.includes('\\u') && /\\u[dD][89A-Fa-f]/.test(text)) canonicalJson(json);
  } catch (cause) {
    throw new AttestationError('MALFORMED_STATEMENT', 'payload is not UTF-8 JSON', { cause });
  }
  return readAs(Statement, json, 'an in-toto v1 statement', quickStatement);
}

/**
 * Reads a value by a schema, with this lib's error.
 *
 * @param quick says yes only where the schema would give the very same: see {@link QuickMatch}
 * @throws AttestationError MALFORMED_STATEMENT
 */
export function readAs<T>(
  schema: z.ZodType<T>,
  value: unknown,
  what: string,
  quick?: QuickMatch,
): T {
  if (quick?.(value) === true) return value as T;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AttestationError(
    'MALFORMED_STATEMENT',
    `not ${what}: ${z.prettifyError(parsed.error).slice(0, 600)}`,
  );
}

/** Reads a statement of one known predicate type. */
export function readPredicate<T>(
  statement: Statement,
  predicateType: string,
  schema: z.ZodType<T>,
  quick?: QuickMatch,
): T {
  if (statement.predicateType !== predicateType) {
    throw new AttestationError(
      'WRONG_KIND',
      `statement is ${quote(statement.predicateType)}: expected ${predicateType}`,
    );
  }
  return readAs(schema, statement.predicate, predicateType, quick);
}
