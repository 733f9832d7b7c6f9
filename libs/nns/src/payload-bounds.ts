/** The largest payload that is decoded: a deployment to 2,000 nodes has 62,000 bytes. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

/** The most package URLs of one election; two are usual. */
export const MAX_URLS = 16;

/** The longest package URL, in bytes. */
export const MAX_URL_BYTES = 2048;

/** The most versions that one proposal unelects. */
export const MAX_UNELECTS = 256;

/** The longest version, in bytes; a commit id has 40. */
export const MAX_VERSION_BYTES = 128;

/** The longest digest text, in bytes; a sha256 has 64. */
export const MAX_DIGEST_BYTES = 128;

/** The most launch measurements of one release; two are usual, one for each boot slot. */
export const MAX_MEASUREMENTS = 64;

/** A SEV-SNP launch measurement is a SHA-384. */
export const MEASUREMENT_BYTES = 48;

/** The longest kernel command line, in bytes; x86-64 Linux takes 2,048. */
export const MAX_CMDLINE_BYTES = 4096;

/** The most nodes of one deployment. */
export const MAX_NODES = 5000;
