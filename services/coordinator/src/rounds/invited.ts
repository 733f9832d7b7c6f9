import type { RoundOpen } from '#libs/attestation';

/** A round as one builder is concerned. */
export interface Invited {
  /** RoundOpen with everybody who was invited as far as is known. */
  readonly open: RoundOpen;
  /** 32 raw bytes that the round lists for the builder; null where it was not invited. */
  readonly key: Uint8Array | null;
}
