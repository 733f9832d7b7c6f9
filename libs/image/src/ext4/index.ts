export { DEFAULT_EXT4_LIMITS } from './limits.js';
export type { Ext4Limits } from './limits.js';
export type { Ext4Member } from './member.js';
export { openExt4File } from './open-ext4-file.js';
export { PassingFiles } from './passing/passing-files.js';
export { readExt4 } from './read-ext4.js';
export type { Ext4Contents, Ext4Reading } from './read-ext4.js';
export { isExt4 } from './superblock.js';
