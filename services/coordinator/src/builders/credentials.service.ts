import { HttpStatus, Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { newestKeys, type KeyLife } from '#libs/attestation';
import type { BuilderCredentials, BuilderStatus } from '#libs/contracts';
import { ProblemError } from '#libs/platform';
import type { Config } from '../config.js';
import { KeyBookService } from '../keys/key-book.service.js';
import { CONFIG, NATS_ACCOUNTS } from '../tokens.js';
import { noSuchBuilder } from './builder-problems.js';
import { isServing } from './builder-status.js';
import type { NatsAccounts } from '../nats/nats-link.js';
import { RegistryService } from './registry.service.js';
import { readRosterFile } from './roster-file.js';

/** How long a JWT is good: an agent fetches the next one long before. */
const GOOD_MS = 12 * 3_600_000;

/** Gives builders what they sign in to NATS with. */
@Injectable()
export class CredentialsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(NATS_ACCOUNTS) private readonly accounts: NatsAccounts | null,
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly registry: RegistryService,
    private readonly book: KeyBookService,
  ) {}

  /**
   * Gives a builder's credentials. They are for anybody to read: a JWT is good for nobody without the
   * key that it is for.
   *
   * @throws ProblemError no-such-builder, not-admitted
   */
  async of(builder: string, now: Date): Promise<BuilderCredentials> {
    const status = (await this.registry.find(builder))?.status ?? (await this.listed(builder));
    if (status === null) throw noSuchBuilder(builder);
    const servers = serversOf(this.config);
    // An agent that waits for its approval, or was retired, hears of it here.
    if (this.accounts === null || !isServing(status)) {
      return { builder, status, jwt: null, expiresAt: null, servers };
    }
    const life = newestKeys(await this.book.read(this.dataSource.manager), builder);
    const { nats, until } = requireGood(builder, life, now);
    const expiresAt = new Date(Math.min(now.getTime() + GOOD_MS, until));
    const jwt = this.accounts.authority.userJwtFor({ builder, natsPublicKey: nats, expiresAt });
    return { builder, status, jwt, expiresAt: expiresAt.toISOString(), servers };
  }

  private async listed(builder: string): Promise<BuilderStatus | null> {
    const roster = await readRosterFile(this.config.ROSTER_FILE);
    const isListed = roster.some(({ builders }) =>
      builders.some((each) => each.builder === builder),
    );
    return isListed ? 'active' : null;
  }
}

function serversOf({ PUBLIC_NATS_URLS, NATS_URL }: Config): string[] {
  return PUBLIC_NATS_URLS ?? NATS_URL;
}

/** @throws ProblemError not-admitted */
function requireGood(
  builder: string,
  life: KeyLife | null,
  now: Date,
): { readonly nats: string; readonly until: number } {
  if (life === null) {
    throw notAdmitted(builder, 'no NATS key of it is logged: `builder enroll --coordinator`');
  }
  if (life.revocations.length > 0) throw notAdmitted(builder, 'its keys were revoked');
  const until = Date.parse(life.validUntil);
  if (until <= now.getTime()) throw notAdmitted(builder, 'its keys have expired: `builder rotate`');
  return { nats: life.keys.nats, until };
}

function notAdmitted(builder: string, reason: string): ProblemError {
  return new ProblemError(
    HttpStatus.FORBIDDEN,
    'not-admitted',
    `builder ${builder} is not let in to NATS: ${reason}`,
  );
}
