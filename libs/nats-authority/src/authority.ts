import { requireBuilder } from './builder-subjects.js';
import {
  builderGrants,
  coordinatorGrants,
  cutOffGrants,
  systemGrants,
  type AccountGrants,
} from './grants.js';
import { signClaims } from './jwt.js';
import { deriveNkey, requireUserKey, type Nkey } from './nkey.js';
import { renderServerConfig } from './server-config.js';

/** A builder, and the key that it signs in to NATS with. */
export interface AdmittedBuilder {
  readonly builder: string;
  /** Public key of a NATS user, from U. */
  readonly natsPublicKey: string;
}

/** What to sign in with, as `connectNats` takes it. */
export interface AuthorityCredentials {
  /** A JWT that is good now. */
  readonly jwt: () => string;
  /** 32 bytes. */
  readonly seed: Uint8Array;
}

/** An account, and its JWT. */
export interface SignedAccount {
  /** Public key of the account, from A. */
  readonly account: string;
  readonly jwt: string;
}

/** How many builders' keys are kept at hand: making one takes a tenth of a millisecond. */
const KEPT_KEYS = 20_000;

/**
 * Says who may use NATS, and for what: an operator in the words of NATS. All of its keys are made of one
 * secret, so each coordinator that has it says the same, and nothing of it has to be kept elsewhere. It
 * knows no server; pushing what it says is `AccountDirectory`'s.
 */
export class NatsAuthority {
  private readonly operator: Nkey;
  private readonly system: Nkey;
  private readonly coordinator: Nkey;
  private readonly derived = new Map<string, Nkey>();

  /** @param secret 32 bytes */
  constructor(private readonly secret: Uint8Array) {
    this.operator = deriveNkey(secret, 'operator', 'operator');
    this.system = deriveNkey(secret, 'account', 'system');
    this.coordinator = deriveNkey(secret, 'account', 'coordinator');
  }

  /**
   * Gives the lines of configuration by which a nats-server knows this authority, and keeps accounts in a
   * folder of its own. The same lines are for each server of a cluster, but for the folder.
   *
   * @param resolverDir where the server keeps accounts, absolute
   */
  serverConfig({ resolverDir }: { readonly resolverDir: string }): string {
    const now = new Date();
    const grants = { type: 'operator', system_account: this.system.text };
    const claims = { name: 'repro-quorum', subject: this.operator.text, grants };
    return renderServerConfig({
      resolverDir,
      operatorJwt: signClaims(this.operator, claims, now),
      systemAccount: this.system.text,
      preload: [this.systemAccount(now), this.coordinatorAccount(now)],
    });
  }

  /** What coordinators sign in with: everything in their own account, the streams included. */
  coordinatorCredentials(): AuthorityCredentials {
    return this.ownCredentials(this.coordinator, 'coordinator');
  }

  /** What accounts are pushed with: everything that servers let their own account do. */
  systemCredentials(): AuthorityCredentials {
    return this.ownCredentials(this.system, 'system');
  }

  /**
   * Gives the public key of a builder's account, the same for ever.
   *
   * @throws NatsAuthorityError BAD_BUILDER
   */
  accountOf(builder: string): string {
    return this.key(`builder/${requireBuilder(builder)}`).text;
  }

  /** The coordinators' account, as this version of the software has it. */
  coordinatorAccount(now: Date): SignedAccount {
    return this.signAccount(this.coordinator.text, 'coordinator', coordinatorGrants(), now);
  }

  /**
   * Signs the account of a builder. Only users that {@link userJwtFor} names for this key may enter: with
   * another key it is another account to them, and whoever is in with the old one goes.
   *
   * @throws NatsAuthorityError BAD_BUILDER, BAD_KEY
   */
  builderAccount(admitted: AdmittedBuilder, now: Date): SignedAccount {
    const { builder } = admitted;
    const signer = this.signerOf(admitted).text;
    const grants = builderGrants(requireBuilder(builder), signer, this.coordinator.text);
    return this.signAccount(this.accountOf(builder), `builder ${builder}`, grants, now);
  }

  /**
   * Signs the account of a builder that nobody may enter.
   *
   * @throws NatsAuthorityError BAD_BUILDER
   */
  cutOffAccount(builder: string, now: Date): SignedAccount {
    const name = `builder ${builder}, cut off`;
    return this.signAccount(this.accountOf(builder), name, cutOffGrants(now), now);
  }

  /**
   * Signs what a builder signs in with, beside its own key. It is no secret: without that key it opens
   * nothing, and it opens nothing either where the builder's account names another one.
   *
   * @throws NatsAuthorityError BAD_BUILDER, BAD_KEY
   */
  userJwtFor(admitted: AdmittedBuilder & { readonly expiresAt: Date }): string {
    const { builder, natsPublicKey, expiresAt } = admitted;
    const grants = { type: 'user', issuer_account: this.accountOf(builder) };
    const claims = { name: builder, subject: natsPublicKey, grants, expiresAt };
    return signClaims(this.signerOf(admitted), claims, new Date());
  }

  private systemAccount(now: Date): SignedAccount {
    return this.signAccount(this.system.text, 'system', systemGrants(), now);
  }

  private signAccount(
    account: string,
    name: string,
    grants: AccountGrants,
    now: Date,
  ): SignedAccount {
    return { account, jwt: signClaims(this.operator, { name, subject: account, grants }, now) };
  }

  private ownCredentials(account: Nkey, purpose: string): AuthorityCredentials {
    const user = deriveNkey(this.secret, 'user', purpose);
    const grants = { type: 'user', subs: -1, data: -1, payload: -1 };
    const claims = { name: purpose, subject: user.text, grants };
    return { jwt: () => signClaims(account, claims, new Date()), seed: user.seed };
  }

  private signerOf({ builder, natsPublicKey }: AdmittedBuilder): Nkey {
    return this.key(`signer/${requireBuilder(builder)}/${requireUserKey(natsPublicKey)}`);
  }

  private key(purpose: string): Nkey {
    const kept = this.derived.get(purpose);
    if (kept !== undefined) return kept;
    if (this.derived.size >= KEPT_KEYS) this.derived.clear();
    const made = deriveNkey(this.secret, 'account', purpose);
    this.derived.set(purpose, made);
    return made;
  }
}
