import { IC_ROOT_KEY } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { fromHex, quote } from '#libs/encoding';
import { NnsError } from './error.js';

/** The NNS governance canister. Source: dfinity/ic, rs/nns/constants */
export const GOVERNANCE_CANISTER_ID = 'rrkah-fqaaa-aaaaa-aaaaq-cai';

/** A BLS12-381 public key in DER. Source: Internet Computer interface specification, "Certificates" */
const ROOT_KEY_BYTES = 133;

/** Whose word counts: the root key of a network, and the governance canister on it. */
export interface Trust {
  /** DER, 133 bytes; default: the Internet Computer's. */
  readonly rootKey?: Uint8Array | undefined;
  /** Default: `rrkah-fqaaa-aaaaa-aaaaq-cai`. */
  readonly canisterId?: string | undefined;
}

/** Trust with its defaults filled in, checked. */
export interface Anchor {
  readonly rootKey: Uint8Array;
  readonly canisterId: Principal;
}

/** @throws NnsError INVALID_ARGUMENT */
export function toAnchor(trust: Trust): Anchor {
  const rootKey = Uint8Array.from(trust.rootKey ?? fromHex(IC_ROOT_KEY));
  if (rootKey.length !== ROOT_KEY_BYTES) {
    throw new NnsError(
      'INVALID_ARGUMENT',
      `root key has ${rootKey.length} bytes, expected a BLS key of ${ROOT_KEY_BYTES} bytes in DER`,
    );
  }
  return { rootKey, canisterId: toPrincipal(trust.canisterId ?? GOVERNANCE_CANISTER_ID) };
}

function toPrincipal(text: string): Principal {
  try {
    return Principal.fromText(text);
  } catch (cause) {
    throw new NnsError('INVALID_ARGUMENT', `canister id ${quote(text)} is not a principal`, {
      cause,
    });
  }
}
