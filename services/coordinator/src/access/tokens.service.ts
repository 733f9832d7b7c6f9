import { HttpStatus, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { AccessTokenView, CreatedToken, CreateToken } from '#libs/contracts';
import { AccessTokenEntity, lockLog } from '#libs/persistence';
import { ProblemError } from '#libs/platform';
import { LogService } from '../log/log.service.js';
import { currentActor } from './actor.js';
import { AdminActs } from './admin-acts.service.js';
import { creationOf, listTokens, revocationOf, revokeToken, storeToken } from './token-store.js';

/** Makes, lists and revokes access tokens over HTTP. */
@Injectable()
export class TokensService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly acts: AdminActs,
    private readonly log: LogService,
  ) {}

  /**
   * Makes a token that may do no more, and lives no longer, than the one that asks for it.
   *
   * @throws ProblemError scope-not-held
   */
  async create(request: CreateToken): Promise<CreatedToken> {
    const created = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const id = currentActor()?.id ?? '';
      const asking = await manager.findOneByOrFail(AccessTokenEntity, { id });
      const more = request.scopes.filter((scope) => !asking.scopes.includes(scope));
      if (more.length > 0) {
        throw new ProblemError(
          HttpStatus.FORBIDDEN,
          'scope-not-held',
          `token ${id} cannot give ${more.join(', ')}, which it has not itself: use \`coordinator token create --database\``,
        );
      }
      const stored = await storeToken(manager, request, {
        ...{ now: new Date(), notAfter: asking.expiresAt },
      });
      if (stored === null) throw new Error('a token was drawn twice');
      await this.acts.record(manager, creationOf(stored.view));
      return stored;
    });
    await this.log.publish();
    return created;
  }

  /** Gives all tokens, newest first. */
  async list(): Promise<readonly AccessTokenView[]> {
    return listTokens(this.dataSource.manager);
  }

  /**
   * Ends a token at once, on all replicas. One that has ended stays as it is.
   *
   * @throws ProblemError no-such-token
   */
  async revoke(id: string): Promise<AccessTokenView> {
    const { view, isNew } = await this.dataSource.transaction(async (manager) => {
      await lockLog(manager);
      const revoked = await revokeToken(manager, id, new Date());
      if (revoked === null) {
        throw new ProblemError(
          HttpStatus.NOT_FOUND,
          'no-such-token',
          `token ${id} is not known here: \`coordinator token list\` shows those that are`,
        );
      }
      if (revoked.isNew) await this.acts.record(manager, revocationOf(revoked.view));
      return revoked;
    });
    if (isNew) await this.log.publish();
    return view;
  }
}
