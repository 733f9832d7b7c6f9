import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AccessScope, AccessTokenText, accessTokenId } from '#libs/contracts';
import { AccessTokenEntity } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { isToken } from './token-text.js';
import { WrongTokensService } from './wrong-tokens.service.js';

const HOUR_MS = 3_600_000;
const HOW =
  'make one with `coordinator token create`, and name it with REPRO_QUORUM_TOKEN or --token-file';

/** A token that is valid now. */
export interface ValidToken {
  readonly id: string;
  readonly scopes: readonly AccessScope[];
  readonly expiresAt: Date;
}

/** Tells whose token a request brings. */
@Injectable()
export class TokenReaderService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly wrong: WrongTokensService,
  ) {}

  /**
   * Reads an `Authorization` header. Every request looks into the database, so that a token is over on
   * all replicas once its revocation is committed.
   *
   * @throws ProblemError token-required, token-unknown, token-expired, token-revoked,
   *   too-many-requests
   */
  async read(header: string | undefined, address: string): Promise<ValidToken> {
    if (header === undefined) {
      throw this.refused(address, 'token-required', 'this needs an access token');
    }
    const [, text] = /^Bearer ([!-~]{1,200})$/i.exec(header) ?? [];
    this.wrong.admit(address, text ?? '');
    const parsed = AccessTokenText.safeParse(text);
    const row = parsed.success ? await this.find(parsed.data) : null;
    if (!parsed.success || row === null) {
      throw this.refused(address, 'token-unknown', 'what was sent is no access token of this log');
    }
    const now = new Date();
    if (row.revokedAt !== null) {
      throw this.refused(address, 'token-revoked', `token ${row.id} was revoked`);
    }
    if (row.expiresAt <= now) {
      const since = row.expiresAt.toISOString();
      throw this.refused(address, 'token-expired', `token ${row.id} expired on ${since}`);
    }
    this.wrong.passed(parsed.data);
    await this.keepLastUse(row, now);
    const scopes = AccessScope.options.filter((scope) => row.scopes.includes(scope));
    return { id: row.id, scopes, expiresAt: row.expiresAt };
  }

  /** What is wrong with a token is told only to who has all of it. */
  private async find(token: string): Promise<AccessTokenEntity | null> {
    const row = await this.dataSource.manager.findOneBy(AccessTokenEntity, {
      id: accessTokenId(token),
    });
    return row !== null && isToken(token, row.sha256) ? row : null;
  }

  private async keepLastUse({ id, lastUsedAt }: AccessTokenEntity, now: Date): Promise<void> {
    const hour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS);
    if (lastUsedAt !== null && lastUsedAt >= hour) return;
    await this.dataSource.manager.update(AccessTokenEntity, { id }, { lastUsedAt: hour });
  }

  private refused(
    address: string,
    code: 'token-required' | 'token-unknown' | 'token-revoked' | 'token-expired',
    what: string,
  ): ProblemError {
    this.wrong.refused(address, code);
    const challenge = 'Bearer realm="repro-quorum"';
    const isMissing = code === 'token-required';
    return new ProblemError(HttpStatus.UNAUTHORIZED, code, `${what}: ${HOW}`, {
      headers: {
        'www-authenticate': isMissing ? challenge : `${challenge}, error="invalid_token"`,
      },
    });
  }
}
