/** Injection tokens of what `main.ts` makes before Nest starts. */
export const CONFIG = Symbol('config');
export const SIGNER = Symbol('signer');
export const NATS = Symbol('nats');
export const GOVERNANCE = Symbol('governance');
/** Who witnesses the log; null where nobody is asked. */
export const WITNESS_SET = Symbol('witness set');
/** As whose witness this coordinator serves; null where it is none. */
export const OWN_WITNESS = Symbol('own witness');
/** The registry that metrics are kept in. */
export const REGISTRY = Symbol('registry');
