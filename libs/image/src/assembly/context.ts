import type { Container, ContainerForm, ManifestNode, PageSink } from '#libs/manifest';
import type { HashThread } from '../beside/hash-thread.js';
import type { ByteSource } from '../byte-source.js';
import type { ContainerNodes } from './container-nodes.js';
import type { Budget } from './budget.js';
import type { Spool } from './spool.js';

/** What was found out about one content: its digest, why it was not read, or what it holds. */
export interface ContentFacts {
  readonly attributes: ManifestNode['attributes'];
  readonly inside?: Container;
}

/** What every reader of containers needs of the whole. */
export interface Context {
  readonly budget: Budget;
  readonly sink: PageSink;
  /** An empty spool. */
  spool(): Spool;
  /** Whether bytes that were hashed as they streamed by may be forgotten. */
  readonly isForgetful: boolean;
  /** Hashes beside, where the artifact is worth a thread. */
  readonly thread: HashThread | null;
  /** Nodes of one container. */
  nodes(): ContainerNodes;
  /**
   * Finds out what a content is and reads it, if it is anything. `content` is its digest, where it is
   * known already; else it is hashed where nothing in it could be read.
   */
  describe(source: ByteSource, depth: number, content?: string): Promise<ContentFacts>;
  /** What a content may be read as, so deep within others. */
  formAt(head: Buffer, depth: number): ContainerForm | null;
}
