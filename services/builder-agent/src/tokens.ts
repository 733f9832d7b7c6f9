/** Injection tokens of what `main.ts` makes before Nest starts. */
export const CONFIG = Symbol('config');
export const SIGNER = Symbol('signer');
/** The key that cosigns checkpoints; null for an agent that does not witness. */
export const WITNESS_SIGNER = Symbol('witness signer');
export const NATS = Symbol('nats');
/** The coordinator's pinned key. */
export const COORDINATOR = Symbol('coordinator');
/** Reads what a certified proposal says, under the pinned root key. */
export const VERIFY_CERTIFICATE = Symbol('verify certificate');
/** Digest of the one file that the agent runs from; null for a checkout. */
export const AGENT_DIGEST = Symbol('agent digest');
/** The process's environment, from which the build gets a short list of names. */
export const BASE_ENVIRONMENT = Symbol('base environment');
