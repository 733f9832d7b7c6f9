/** How much an archive may ask of whoever reads it. */
export interface ArchiveLimits {
  /** Most bytes of the decompressed tar stream. */
  readonly maxBytes: number;
  /** Most decompressed bytes per compressed byte, judged once {@link RATIO_FREE_BYTES} came out. */
  readonly maxRatio: number;
  readonly maxMembers: number;
}

/** 128 GiB: twice the largest disk image whose partition table is known (SetupOS, GuestOS, HostOS). */
export const DEFAULT_MAX_BYTES = 128 * 1024 ** 3;

/**
 * Images are mostly zeros, and zstd stores 128 KiB of them in four bytes, so an honest image may
 * reach some thousands. A bomb of this ratio still has to be 13 MB for the default byte limit.
 */
export const DEFAULT_MAX_RATIO = 10_000;

/** Update and disk images have one to three members. */
export const DEFAULT_MAX_MEMBERS = 1_000;

/** So much may come out of any archive before its ratio is judged: small ones are all padding. */
export const RATIO_FREE_BYTES = 64 * 1024 ** 2;

/** Most bytes of one extended header (long name, pax records) or of one sparse map. */
export const MAX_EXTENDED_BYTES = 1024 ** 2;

/** Longest member name in bytes, as on Linux file systems (PATH_MAX). */
export const MAX_NAME_BYTES = 4096;

/** Most frames of one zstd file: parallel compressors write one per some megabytes. */
export const MAX_ZSTD_FRAMES = 100_000;
