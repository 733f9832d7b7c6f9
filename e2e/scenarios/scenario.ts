import type { Report } from '#libs/contracts';
import type { BuilderSpec } from '../stack/builder.js';
import type { Stack } from '../stack/stack.js';
import type { Defects, OperatingSystem } from '../world/ic-mini/defects.js';
import type { ProposalSpec } from '../world/nns/index.js';
import type { Published } from '../world/publisher.js';
import type { World } from '../world/world.js';

/** What a scenario's parts may look at once the release is published. */
export interface Scene {
  readonly world: World;
  readonly published: Published;
}

/** One story about a release, its builders and the outside; what comes of it is not told here. */
export interface Scenario {
  readonly name: string;
  /** One sentence for people. */
  readonly story: string;
  readonly defects: Defects;
  /** An image that is altered after the publisher's build. */
  readonly tamper?: OperatingSystem;
  /** State of the package mirror when the publisher built. */
  readonly publisherMirror?: number;
  readonly builders: (world: World) => readonly BuilderSpec[];
  /** Further variables of the coordinator's configuration. */
  readonly coordinator?: Readonly<Record<string, string>>;
  readonly proposal: (scene: Scene) => ProposalSpec;
  /** Breaks something outside, after the publication. */
  readonly sabotage?: (scene: Scene) => void;
  /** Leads the round from its opening to the report; by default everybody builds. */
  readonly play?: (stage: Stage) => Promise<void>;
}

/** The round as a scenario's `play` can touch it. */
export interface Stage {
  readonly stack: Stack;
  readonly round: string;
  readonly report: () => Promise<Report>;
  /** Waits for a condition on the report; fails with what the report says when it does not come. */
  readonly until: (what: string, holds: (report: Report) => boolean) => Promise<Report>;
  readonly closeRound: () => Promise<void>;
  /** Follows the round to its verdict, showing progress. */
  readonly watch: () => Promise<void>;
}
