export type { Attestation, AttestationFault, Subject } from './attestation.js';
export type { Bundle, LogEntry } from './bundle.js';
export type { Claims } from './claims.js';
export { createSigstore } from './sigstore.js';
export type { Sigstore, SigstoreOptions } from './sigstore.js';
export type { TrustedRoot } from './trusted-root.js';
