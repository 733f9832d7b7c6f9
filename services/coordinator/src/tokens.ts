/** Injection tokens of what `main.ts` makes before Nest starts. */
export const CONFIG = Symbol('config');
export const SIGNER = Symbol('signer');
export const NATS = Symbol('nats');
export const GOVERNANCE = Symbol('governance');
/** The registry that metrics are kept in. */
export const REGISTRY = Symbol('registry');
