import { z } from 'zod';
import { AdminAct, Label } from '#libs/attestation';
import { plain } from '../report/plain.js';

/** What a token may do: rounds, the builders' registry, key records, other tokens. */
export const ACCESS_SCOPES = ['rounds', 'builders', 'keys', 'admin'] as const;
export const AccessScope = z.enum(ACCESS_SCOPES);
export type AccessScope = z.infer<typeof AccessScope>;

/** Days that a token is valid when nobody says otherwise, and at most. */
export const TOKEN_DAYS = { usual: 90, most: 366 } as const;

/** An access token: `rqt_`, an id that may be told, `_`, a secret that may not. */
export const AccessTokenText = z
  .string()
  .regex(/^rqt_[0-9a-f]{12}_[0-9a-f]{64}$/, 'expected an access token, rqt_…');

/** Gives the part of a token that names it; the text has to be an {@link AccessTokenText}. */
export function accessTokenId(token: string): string {
  return token.slice('rqt_'.length, 'rqt_'.length + 12);
}

export const AccessTokenId = z.string().regex(/^[0-9a-f]{12}$/, 'expected 12 hex characters');

/** Asks for another token. It has no scope that the asking one lacks, and ends no later. */
export const CreateToken = z.strictObject({
  scopes: z.array(AccessScope).min(1).max(ACCESS_SCOPES.length),
  label: Label,
  days: z.number().int().min(1).max(TOKEN_DAYS.most).default(TOKEN_DAYS.usual),
});
export type CreateToken = z.infer<typeof CreateToken>;

/** A token as it is shown: everything but what would let somebody use it. */
export const AccessTokenView = z.object({
  id: AccessTokenId,
  label: Label,
  scopes: z.array(AccessScope),
  madeAt: z.string(),
  expiresAt: z.string(),
  revokedAt: z.string().nullable(),
  /** To the hour. */
  lastUsedAt: z.string().nullable(),
});
export type AccessTokenView = z.infer<typeof AccessTokenView>;

/** The answer to {@link CreateToken}: the only time that the token itself is told. */
export const CreatedToken = z.object({ token: AccessTokenText, view: AccessTokenView });
export type CreatedToken = z.infer<typeof CreatedToken>;

/** All tokens, newest first. */
export const AccessTokenList = z.object({ tokens: z.array(AccessTokenView) });
export type AccessTokenList = z.infer<typeof AccessTokenList>;

/** A page of administrative acts, in log order. */
export const AuditList = z.object({
  acts: z.array(AdminAct.extend({ index: z.number().int() })),
  /** Pass as `after` for the next page; null at the end. */
  next: z.number().int().nullable(),
});
export type AuditList = z.infer<typeof AuditList>;

/** Tells a token in one line: its id, what it may do, until when, and how it stands at a time. */
export function accessTokenLine(token: AccessTokenView, now: Date): string {
  const { id, scopes, expiresAt, revokedAt, lastUsedAt, label } = token;
  const isOver = new Date(expiresAt) <= now;
  const state = revokedAt !== null ? 'revoked' : isOver ? 'expired' : 'valid';
  const used = lastUsedAt === null ? 'never used' : `used ${lastUsedAt.slice(0, 13)}h`;
  const line = [id, state.padEnd(7), expiresAt.slice(0, 10), scopes.join(','), used, label];
  return plain(line.join('  '), 1000);
}
