import { createHash } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { canonicalJson } from '#libs/encoding';
import type { AdmittedBuilder, NatsAuthority } from './authority.js';
import { readClaims } from './jwt.js';
import { SystemRequests } from './system-requests.js';

/** A builder as the registry knows it. */
export interface KnownBuilder extends AdmittedBuilder {
  /** Whether it is to be kept out, with all of its keys. */
  readonly isCutOff: boolean;
}

/** What {@link AccountDirectory.ensureAccounts} did. */
export interface AccountsEnsured {
  /** Accounts that the servers did not have, or not so. */
  readonly pushed: number;
}

/** Accounts that are pushed at a time. */
const AT_ONCE = 16;

/**
 * The accounts that running servers know. What it pushes is in force at once on all of them, disconnects
 * nobody else, and is kept by them over restarts. Everything may be done again, and by several
 * coordinators at once: it always ends as the last word says.
 */
export class AccountDirectory {
  private readonly requests: SystemRequests;
  /** What the servers were seen to have, by account; good for as long as their digest of it is the same. */
  private seen: {
    readonly digest: Uint8Array;
    readonly shapes: ReadonlyMap<string, string>;
  } | null = null;

  /** @param connection signed in with the authority's `systemCredentials` */
  constructor(
    private readonly authority: NatsAuthority,
    connection: NatsConnection,
  ) {
    this.requests = new SystemRequests(connection);
  }

  /**
   * Lets a builder in with a key, and with no other. Where it was cut off it is let in again.
   *
   * @throws NatsAuthorityError BAD_BUILDER, BAD_KEY, REFUSED, NO_ANSWER
   */
  async admitBuilder(
    admitted: AdmittedBuilder,
  ): Promise<{ readonly account: string; readonly accountJwt: string }> {
    const { account, jwt } = this.authority.builderAccount(admitted, new Date());
    await this.requests.push(jwt);
    return { account, accountJwt: jwt };
  }

  /**
   * Keeps a builder out, whatever keys and JWTs it has; where it is connected, it is disconnected by the
   * time that this returns, or within a moment.
   *
   * @throws NatsAuthorityError BAD_BUILDER, REFUSED, NO_ANSWER
   */
  async cutOff(builder: string): Promise<void> {
    await this.requests.push(this.authority.cutOffAccount(builder, new Date()).jwt);
  }

  /**
   * Pushes what servers do not have of these builders' accounts, as after they lost everything, or what
   * they have otherwise. Where nothing has changed it costs one question. Accounts of others stay.
   *
   * @throws NatsAuthorityError BAD_BUILDER, BAD_KEY, REFUSED, NO_ANSWER
   */
  async ensureAccounts(builders: Iterable<KnownBuilder>): Promise<AccountsEnsured> {
    const shapes = await this.readShapes();
    const now = new Date();
    const missing: string[] = [];
    const wanted = [
      this.authority.coordinatorAccount(now),
      ...Array.from(builders, (known) =>
        known.isCutOff
          ? this.authority.cutOffAccount(known.builder, now)
          : this.authority.builderAccount(known, now),
      ),
    ];
    for (const { account, jwt } of wanted) {
      if (shapes.get(account) !== shapeOf(jwt)) missing.push(jwt);
    }
    for (let at = 0; at < missing.length; at += AT_ONCE) {
      await Promise.all(missing.slice(at, at + AT_ONCE).map((jwt) => this.requests.push(jwt)));
    }
    return { pushed: missing.length };
  }

  /** Asks all servers for the configuration of their JetStream: what `durabilityOf` takes. */
  async jetStreamConfigs(): Promise<readonly { version: string; config: unknown }[]> {
    return this.requests.jetStreamConfigs();
  }

  /** What each account of the servers looks like. */
  private async readShapes(): Promise<ReadonlyMap<string, string>> {
    const jwts = await this.requests.pack(this.seen?.digest ?? null);
    if (jwts === null && this.seen !== null) return this.seen.shapes;
    const accounts = jwts ?? new Map<string, string>();
    const shapes = new Map(Array.from(accounts, ([account, jwt]) => [account, shapeOf(jwt)]));
    this.seen = { digest: digestOf(accounts.values()), shapes };
    return shapes;
  }
}

/** What an account says, without when it was said: a revocation is one whenever it was made. */
function shapeOf(jwt: string): string {
  const claims = readClaims(jwt);
  if (typeof claims !== 'object' || claims === null) return '';
  const { iss, name, nats } = claims as Partial<Record<'iss' | 'name' | 'nats', unknown>>;
  const grants = typeof nats === 'object' && nats !== null ? nats : {};
  const isRevoked = 'revocations' in grants;
  const lasting = { iss, name, nats: { ...grants, ...(isRevoked && { revocations: null }) } };
  return createHash('sha256').update(canonicalJson(lasting)).digest('base64');
}

/**
 * Digests accounts as servers do, to ask them for all of them only where it is another.
 *
 * Source: nats-server, server/dirstore.go, `Hash`
 */
function digestOf(jwts: Iterable<string>): Uint8Array {
  const digest = new Uint8Array(32);
  for (const jwt of jwts) {
    const own = createHash('sha256').update(jwt).digest();
    for (const [at, byte] of own.entries()) digest[at] = (digest[at] ?? 0) ^ byte;
  }
  return digest;
}
