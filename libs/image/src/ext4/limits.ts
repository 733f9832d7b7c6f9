import { DEFAULT_MAX_BYTES } from '../limits.js';

/** How much one filesystem may ask of whoever reads it. */
export interface Ext4Limits {
  /** Most names in all directories together. */
  readonly maxMembers: number;
  /** Most bytes of all files together, holes included. */
  readonly maxContentBytes: number;
}

/** The root filesystems of IC-OS hold some 20,000 to 100,000 names. */
export const DEFAULT_EXT4_LIMITS: Ext4Limits = {
  maxMembers: 1_000_000,
  maxContentBytes: DEFAULT_MAX_BYTES,
};
