export { checkArchive } from './check-archive.js';
export type { ArchiveContents, ArchiveExpectation } from './check-archive.js';
export { formatOf } from './compression.js';
export type { ArchiveFormat } from './compression.js';
export { ImageError } from './error.js';
export type { ImageErrorCode } from './error.js';
export { DEFAULT_MAX_BYTES, DEFAULT_MAX_MEMBERS, DEFAULT_MAX_RATIO } from './limits.js';
export type { ArchiveLimits } from './limits.js';
export type { TarMember } from './tar-reader.js';
