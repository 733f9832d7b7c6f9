import type { Attributes, NodeKind } from '#libs/manifest';
import type { ByteSource } from '../byte-source.js';

/** One name in a filesystem. */
export interface Ext4Member {
  /** As in a manifest: without a leading slash; the root directory is `.`. */
  readonly path: string;
  readonly kind: NodeKind;
  readonly attributes: Attributes;
  /**
   * The bytes of a file, holes as zeros; empty for every other kind. For nested contents: `content`
   * among the attributes is their digest already. Of use as long as the filesystem's own source is.
   */
  open(): ByteSource;
  /** Whether it is known to be no container; its bytes may not be there any more. */
  readonly isPlain?: boolean;
}
