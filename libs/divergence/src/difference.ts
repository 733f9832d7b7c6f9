import type { Attributes, ContainerForm, Location, NodeKind } from '#libs/manifest';

/** What of a node can differ. `rest` is bytes that belong to no member; `layout` where members lie. */
export const ASPECTS = [
  'presence',
  'kind',
  'content',
  'size',
  'mode',
  'owner',
  'time',
  'target',
  'device',
  'xattr',
  'holes',
  'order',
  'header',
  'layout',
  'rest',
] as const;
export type Aspect = (typeof ASPECTS)[number];

/** One node, or the container that it is, that two artifacts do not have alike. */
export interface Difference {
  readonly location: Location;
  readonly kind: NodeKind | ContainerForm;
  readonly aspects: readonly Aspect[];
  /** The attributes that differ, as the left has them; null where only the right has the node. */
  readonly left: Attributes | null;
  readonly right: Attributes | null;
}

/** What kind of thing makes two contents differ. */
export const DIFFERENCE_CLASSES = [
  'timestamp',
  'build-path',
  'hostname',
  'user',
  'random-id',
  'locale',
  'ordering',
  'package-version',
  'embedded-hash',
  'compression',
  'hole-map',
  'filesystem-header',
  'mode-owner',
  'xattr',
  'only-in-one',
  'layout',
  'unknown',
] as const;
export type DifferenceClass = (typeof DIFFERENCE_CLASSES)[number];

/** A part of an excerpt that its builder replaced by a filler: there stood the value of this fact. */
export interface Mask {
  /** From the first byte of the excerpt. */
  readonly offset: number;
  readonly length: number;
  /** Such as `machine.hostname`. */
  readonly fact: string;
}

/** A part of both contents around the first bytes that differ. */
export interface Excerpt {
  readonly offset: number;
  readonly left: Uint8Array;
  readonly right: Uint8Array;
  readonly leftMasks?: readonly Mask[];
  readonly rightMasks?: readonly Mask[];
  /** Whether nothing that differs is cut off at either end, so that its last lines are evidence as well. */
  readonly isWhole?: boolean;
}

/** Bytes of both contents around the first that differ, where they are no text. Masked ones are fillers. */
export interface ByteWindow {
  /** Of the first byte, within the contents. */
  readonly offset: number;
  /** Hexadecimal, at most 256 bytes each. */
  readonly left: string;
  readonly right: string;
}

/** A difference, and what was found out about it. */
export interface Finding {
  readonly difference: Difference;
  readonly class: DifferenceClass;
  /** Says in one line what was seen: both values, or the tokens that differ. Hostile text, bounded. */
  readonly detail: string;
  /** Unified diff of a text, bounded; absent for what is no text or was not fetched. */
  readonly diff?: string;
  /** What is no text, bounded; absent for a text, and for what was not fetched. */
  readonly bytes?: ByteWindow;
  /** Environment facts whose value or own trace is in what differs, such as `machine.hostname`. */
  readonly seenFacts: readonly string[];
  /**
   * The finding of which this one is a mere consequence, by location; absent for a root cause. For
   * what another artifact brings with it: that artifact's name alone, as in `['hostos/update-img']`.
   */
  readonly impliedBy?: Location;
  /** Of a file whose bytes differ: no byte of it was looked at, or not all that differs in it. */
  readonly notLookedAt?: 'file' | 'part';
}

/** What was found between the artifacts of two clusters, one builder of each having been asked. */
export interface Comparison {
  /** Digests of the clusters. */
  readonly left: string;
  readonly right: string;
  /** As `investigate` gives them, or shortened to some of each kind. */
  readonly findings: readonly Finding[];
  /** Differences that were seen and are not among the findings, nor is their like. */
  readonly untold?: number;
  /** Findings that were left out beside others of their kind. */
  readonly unlisted?: number;
  /** Whether more may differ than was looked at. */
  readonly truncated?: boolean;
}
