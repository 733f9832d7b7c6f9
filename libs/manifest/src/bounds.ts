/** Which readers and which form of pages made a manifest; two of different versions say nothing of each other. */
export const MANIFEST_VERSION = 1;

/** Most nodes of one bucket. Around ten kilobytes for paths and attributes as filesystems have them. */
export const BUCKET_NODES = 32;

/** Slots of an inner page: one hexadecimal digit of a path's digest tells which. */
export const INNER_SLOTS = 16;

/** Digits of a path's digest: no trie is deeper. */
export const MAX_DEPTH = 64;

/** Most bytes of one node as canonical JSON. */
export const MAX_NODE_BYTES = 16 * 1024;

/** Most bytes of a page. As base64 it still fits into one NATS message of the default 1 MiB. */
export const MAX_PAGE_BYTES = BUCKET_NODES * (MAX_NODE_BYTES + 1) + 1024;

/** Most characters of a path or of an attribute's value, escapes counted as written. */
export const MAX_TEXT_LENGTH = 8192;

/** Most characters of an attribute's name: `xattr.` and 255 bytes, each of them escaped. */
export const MAX_NAME_LENGTH = 1100;

/** Most attributes of one node or container. */
export const MAX_ATTRIBUTES = 256;

/** Most nodes of one container. */
export const MAX_MEMBERS = 4_000_000;
