import type { Location } from '#libs/manifest';
import type { Branch } from './trie.js';

/** A container that both sides have and whose members differ. */
export interface WalkedContainer {
  readonly location: Location;
  /** Branches of it that were looked at. */
  pages: number;
}

/** A branch of a container that is to be looked at. */
export interface Task extends Branch {
  readonly container: WalkedContainer;
}
