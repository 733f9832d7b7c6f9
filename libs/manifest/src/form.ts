import type { Sha256 } from '#libs/encoding';

/** What a thing in a container is. A hard link is one of two names of a file, told by its target. */
export const NODE_KINDS = [
  'file',
  'directory',
  'symlink',
  'hardlink',
  'device',
  'fifo',
  'socket',
  'partition',
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

/** What can hold nodes. `gzip` and `zstd` hold one, whose path is empty. */
export const CONTAINER_FORMS = ['gzip', 'zstd', 'tar', 'gpt', 'ext4', 'fat', 'lvm'] as const;
export type ContainerForm = (typeof CONTAINER_FORMS)[number];

/**
 * What is known of a node or a container beside what it holds, by name: `size`, `mode`, `mtime`,
 * `content`… Digests are 64 hex digits, times are nanoseconds or seconds since 1970 as the source has
 * them, written as text where they are no safe integer.
 */
export type Attributes = Readonly<Record<string, string | number>>;

/** Something that holds nodes: an archive, a compressed stream, a partitioned disk, a filesystem. */
export interface Container {
  readonly form: ContainerForm;
  /** Its header, the order of its members, and a digest of all bytes that no member has. */
  readonly attributes: Attributes;
  readonly count: number;
  /** Page of its members; null for none. */
  readonly members: Sha256 | null;
}

/** One thing in a container. */
export interface ManifestNode {
  /**
   * Within its container, unique there, without a leading slash: `etc/hostname`, `root.img`. Bytes
   * that are not UTF-8, control characters and the backslash are written `\xNN`.
   */
  readonly path: string;
  readonly kind: NodeKind;
  readonly attributes: Attributes;
  /** What its content is, where a reader knows the form. */
  readonly inside?: Container;
}

/** Paths from the artifact down to one node: `['', 'root.img', 'etc/hostname']`. */
export type Location = readonly string[];
