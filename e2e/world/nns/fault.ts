/**
 * What the stand-in does wrong on demand; one at a time, for every answer until it is taken away.
 * - `bad-signature`: well-formed signatures that do not fit what is signed
 * - `wrong-root`: everything signed by a network with another root key
 * - `outdated`: certificates and node signatures of 15 minutes ago
 * - `unreachable`: connections are closed without a byte
 * - `overloaded`: HTTP 503
 * - `reject`: the canister rejects every request, certified
 * - `stray-canister-range`: the subnet's canister ranges lack the governance canister
 * - `no-certificate`: replies without certificates and signatures
 * - `forged-answer`: answers to queries whose node signature does not fit
 * - `no-signatures`: answers to queries with an empty list of signatures
 * - `unknown-node`: answers to queries signed by a node that the subnet does not have
 * - `clock-skew`: the replica finds the request's expiry out of bounds
 * - `busy`: calls are accepted, their outcome comes later
 * - `captive-portal`: HTTP 200 with a page of HTML
 */
export type Fault =
  | 'bad-signature'
  | 'wrong-root'
  | 'outdated'
  | 'unreachable'
  | 'overloaded'
  | 'reject'
  | 'stray-canister-range'
  | 'no-certificate'
  | 'forged-answer'
  | 'no-signatures'
  | 'unknown-node'
  | 'clock-skew'
  | 'busy'
  | 'captive-portal';
