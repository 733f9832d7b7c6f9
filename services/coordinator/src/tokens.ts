/** Injection tokens of what `main.ts` makes before Nest starts. */
export const CONFIG = Symbol('config');
export const SIGNER = Symbol('signer');
export const NATS = Symbol('nats');
/** Who may use NATS, a `NatsAccounts`; null where NATS asks nobody who he is. */
export const NATS_ACCOUNTS = Symbol('nats accounts');
/** How durable NATS's acknowledgements are, a `Durability` of libs/messaging. */
export const NATS_DURABILITY = Symbol('nats durability');
export const GOVERNANCE = Symbol('governance');
/** Who witnesses the log; null where nobody is asked. */
export const WITNESS_SET = Symbol('witness set');
/** As whose witness this coordinator serves; null where it is none. */
export const OWN_WITNESS = Symbol('own witness');
/** The registry that metrics are kept in. */
export const REGISTRY = Symbol('registry');
