import type { Account, Export, Import, OperatorLimits } from '@nats-io/jwt';
import { servicesOf, streamsOf } from './builder-subjects.js';

/** `nats` of an account's JWT. */
export type AccountGrants = Omit<Account, 'type' | 'version'> & { readonly type: 'account' };

const NO_LIMIT = -1;
/**
 * An agent has one connection. While its link is cut its old ones stay with the server until it finds
 * them dead, and each attempt meanwhile may leave one more.
 */
const BUILDER_CONNECTIONS = 4;
/** Inboxes, consumers and questions take some fifteen. */
const BUILDER_SUBSCRIPTIONS = 64;
/** A message of the largest size that the streams take, and its headers. */
const BUILDER_PAYLOAD_BYTES = 1_048_576;
/** A revocation under it concerns every user of the account. */
const EVERYBODY = '*';

const UNLIMITED = {
  ...{ subs: NO_LIMIT, data: NO_LIMIT, payload: NO_LIMIT, imports: NO_LIMIT, exports: NO_LIMIT },
  ...{ wildcards: true, conn: NO_LIMIT, leaf: NO_LIMIT },
} as const satisfies OperatorLimits;

/** The account of the servers themselves: who signs in to it may push accounts. */
export function systemGrants(): AccountGrants {
  return { type: 'account', limits: { ...UNLIMITED, leaf: 0 } };
}

/**
 * The coordinators' account, which has the streams. It exports what builders may say and hear; which
 * builder may which stands in the builder's account, and only the operator's key signs accounts.
 */
export function coordinatorGrants(): AccountGrants {
  const services = servicesOf('*').map(({ subject, isStreamed }): Export => ({
    name: subject,
    subject,
    type: 'service',
    ...(isStreamed === true && { response_type: 'Stream' as const }),
  }));
  const streams = streamsOf('*').map((subject): Export => ({
    name: subject,
    subject,
    type: 'stream',
  }));
  return {
    type: 'account',
    exports: [...services, ...streams],
    limits: {
      ...{ ...UNLIMITED, leaf: 0, imports: 0 },
      ...{ mem_storage: NO_LIMIT, disk_storage: NO_LIMIT, streams: NO_LIMIT, consumer: NO_LIMIT },
    },
  };
}

/**
 * The account of one builder: it holds its own subjects of the coordinators' account and nothing else.
 * A message that it sends with a forged reply subject is answered within it, whatever the subject
 * says: the coordinators' account is another world.
 *
 * @param signer public key that signs the builder's users, and that they are bound to
 * @param coordinator public key of the coordinators' account
 */
export function builderGrants(builder: string, signer: string, coordinator: string): AccountGrants {
  const services = servicesOf(builder);
  const streams = streamsOf(builder);
  const imports = [
    ...services.map(({ subject, localSubject }): Import => ({
      ...{ name: subject, subject, type: 'service', account: coordinator },
      ...(localSubject !== undefined && { local_subject: localSubject }),
    })),
    ...streams.map((subject): Import => ({
      ...{ name: subject, subject, type: 'stream', account: coordinator },
    })),
  ];
  const template = {
    // What is not on it is refused in words, and counted, before any account is asked.
    pub: { allow: services.map(({ subject, localSubject }) => localSubject ?? subject), deny: [] },
    sub: { allow: ['_INBOX.>', ...streams], deny: [] },
    ...{ subs: BUILDER_SUBSCRIPTIONS, payload: BUILDER_PAYLOAD_BYTES, data: NO_LIMIT },
    ...{ src: [], times: [], locale: '', bearer_token: false },
    allowed_connection_types: ['STANDARD' as const, 'WEBSOCKET' as const],
  };
  return {
    type: 'account',
    imports,
    limits: {
      ...{ conn: BUILDER_CONNECTIONS, subs: BUILDER_SUBSCRIPTIONS },
      ...{ payload: BUILDER_PAYLOAD_BYTES, data: NO_LIMIT },
      ...{ imports: imports.length, exports: 0, wildcards: false, leaf: 0, disallow_bearer: true },
    },
    signing_keys: [{ kind: 'user_scope', key: signer, role: 'builder', template }],
  };
}

/**
 * The account of a builder that is cut off: nobody may be in it, who is in it goes, and none of its keys
 * signs anything. It stays where the servers keep it, so that a restart lets nobody in again.
 */
export function cutOffGrants(now: Date): AccountGrants {
  return {
    type: 'account',
    limits: {
      ...{ conn: 0, subs: 0, payload: 0, data: 0, imports: 0, exports: 0, leaf: 0 },
      ...{ wildcards: false, disallow_bearer: true },
    },
    revocations: { [EVERYBODY]: Math.floor(now.getTime() / 1000) },
  };
}
