import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import {
  AccessScope,
  accessTokenId,
  TOKEN_DAYS,
  type AccessTokenView,
  type CreatedToken,
  type CreateToken,
} from '#libs/contracts';
import { AccessTokenEntity, ConsoleActEntity } from '#libs/persistence';
import { makeTokenText, tokenDigest } from './token-text.js';

const DAY_MS = 86_400_000;

/** What is logged of a token that is made: everything but the token. */
export interface TokenAct {
  readonly act: 'token-create' | 'token-revoke';
  readonly subject: string;
  readonly detail: Readonly<Record<string, string | string[]>>;
}

/** Stores a token: a new one, or one that was made before. Gives null when it is stored already. */
export async function storeToken(
  manager: EntityManager,
  { scopes, label, days }: CreateToken,
  { now, notAfter, token = makeTokenText() }: { now: Date; notAfter?: Date; token?: string },
): Promise<CreatedToken | null> {
  const wanted = now.getTime() + days * DAY_MS;
  const row = {
    id: accessTokenId(token),
    sha256: tokenDigest(token),
    label,
    scopes: [...new Set(scopes)],
    madeAt: now,
    expiresAt: new Date(Math.min(wanted, notAfter?.getTime() ?? wanted)),
  };
  const inserted = await manager.query<unknown[]>(
    `INSERT INTO "access_token" ("id", "sha256", "label", "scopes", "made_at", "expires_at")
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING "id"`,
    [row.id, row.sha256, row.label, row.scopes, row.madeAt, row.expiresAt],
  );
  if (inserted.length === 0) return null;
  return { token, view: viewOf({ ...row, revokedAt: null, lastUsedAt: null }) };
}

/** Gives all tokens, newest first. */
export async function listTokens(manager: EntityManager): Promise<readonly AccessTokenView[]> {
  const rows = await manager.find(AccessTokenEntity, { order: { madeAt: 'DESC', id: 'ASC' } });
  return rows.map(viewOf);
}

/** Ends a token from this transaction's commit on; null where there is none, unchanged where it had ended. */
export async function revokeToken(
  manager: EntityManager,
  id: string,
  now: Date,
): Promise<{ readonly view: AccessTokenView; readonly isNew: boolean } | null> {
  const row = await manager.findOne(AccessTokenEntity, {
    where: { id },
    lock: { mode: 'pessimistic_write' },
  });
  if (row === null) return null;
  if (row.revokedAt !== null) return { view: viewOf(row), isNew: false };
  await manager.update(AccessTokenEntity, { id }, { revokedAt: now });
  return { view: viewOf(Object.assign({}, row, { revokedAt: now })), isNew: true };
}

/** What is logged of a token's making. */
export function creationOf({ id, label, scopes, expiresAt }: AccessTokenView): TokenAct {
  return {
    act: 'token-create',
    subject: `token/${id}`,
    detail: { label, scopes: [...scopes], expiresAt },
  };
}

/** What is logged of a token's end. */
export function revocationOf({ id, label }: AccessTokenView): TokenAct {
  return { act: 'token-revoke', subject: `token/${id}`, detail: { label } };
}

/**
 * Keeps what the console did until a coordinator logs it, which has the key: before the next act, and
 * so before anything that a token made here can do.
 */
export async function keepForLog(manager: EntityManager, act: TokenAct, at: Date): Promise<void> {
  await manager.insert(ConsoleActEntity, { id: randomUUID(), ...act, at });
}

/** Makes a token that is valid as long as any may be, with all scopes. */
export function everything(label: string): CreateToken {
  return { scopes: [...AccessScope.options], label, days: TOKEN_DAYS.most };
}

function viewOf(row: Omit<AccessTokenEntity, 'sha256'>): AccessTokenView {
  return {
    id: row.id,
    label: row.label,
    // What an older or newer coordinator wrote and nobody here knows gives no right to anything.
    scopes: row.scopes.flatMap((scope) => {
      const known = AccessScope.safeParse(scope);
      return known.success ? [known.data] : [];
    }),
    madeAt: row.madeAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    revokedAt: row.revokedAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}
