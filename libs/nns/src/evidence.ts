/** The request that a certificate answers, as it was sent; enough to recompute its id. */
export interface EvidenceRequest {
  /** A principal as text. */
  readonly sender: string;
  /** A principal as text. */
  readonly canisterId: string;
  readonly method: string;
  /** Candid, at most 1 KiB. */
  readonly argument: Uint8Array;
  /** At most 32 bytes; null where none was sent. */
  readonly nonce: Uint8Array | null;
  /** Nanoseconds since 1970. */
  readonly ingressExpiryNs: bigint;
}

/**
 * What proves to a stranger, without a network, that the governance canister gave this answer: the
 * subnet's certificate and the request whose answer it certifies.
 */
export interface Evidence {
  /** CBOR as it was received, at most 4 MiB. */
  readonly certificate: Uint8Array;
  readonly request: EvidenceRequest;
  /** 32 bytes; the certificate's path to the answer. */
  readonly requestId: Uint8Array;
}
