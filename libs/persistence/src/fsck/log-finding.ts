/** What of a stored log can be wrong, each with a name of its own. */
export type LogFindingCode =
  /** An index is missing, or there are more leaves than were ever signed for. */
  | 'missing-leaf'
  /** The leaf's hash is not that of its entry. */
  | 'leaf-hash'
  /** The envelope is not there, or its bytes are not the ones of its name. */
  | 'envelope'
  /** The entry is not that of the envelope: another key, digest or signature. */
  | 'entry'
  /** The envelope's signature does not verify under the entry's key. */
  | 'signature'
  /** A node of the tree is missing, another one, or one too many. */
  | 'node'
  /** A checkpoint is not signed by the log's key, or not over this tree. */
  | 'checkpoint'
  /** Of a copy: a tile or a bundle of entries is missing, malformed, or another one. */
  | 'tile'
  /** A column beside a leaf does not say what its envelope says. */
  | 'label'
  /** The round's life forbids the entry, or its signer may not say so. */
  | 'round'
  /** A row of a round or of one of its builders is not what the log makes of it. */
  | 'projection'
  /** The archived proposal of a round is missing, or another one than its RoundOpen names. */
  | 'proposal'
  /** A witness's line does not verify over the checkpoint that it stands beside. */
  | 'cosignature'
  /** A link is none, or of nobody in the round. */
  | 'link';

/** The first thing that is wrong with a stored log. */
export interface LogFinding {
  readonly code: LogFindingCode;
  /** Such as `leaf 17`, `node 3 of level 2`, `checkpoint of size 20`. */
  readonly where: string;
  readonly detail: string;
}

/** What was looked at in a whole database. */
export interface DatabaseCheck extends LogCheck {
  readonly rounds: number;
  readonly cosignatures: number;
  readonly links: number;
}

/** What was looked at, and the first thing wrong with it; null when nothing is. */
export interface LogCheck {
  readonly leaves: number;
  readonly checkpoints: number;
  readonly finding: LogFinding | null;
}
