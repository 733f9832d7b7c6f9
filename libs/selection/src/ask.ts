/** What builders tell of themselves that can be counted by. `hypervisor`: virtualisation, if any. */
export const FACTS = [
  'operator',
  'virtualisation',
  'hypervisor',
  'wsl',
  'engine',
  'isolation',
] as const;
export type Fact = (typeof FACTS)[number];

/** What has to hold of one builder: all that is named. */
export interface Where {
  readonly tags?: readonly string[] | undefined;
  /** Such as `kvm`; `none` is bare metal. */
  readonly virtualisation?: string | undefined;
  readonly isWsl?: boolean | undefined;
  readonly engine?: string | undefined;
  readonly isolation?: string | undefined;
  /** An era of releases that it can build. */
  readonly era?: string | undefined;
}

/** What has to hold of everybody who is chosen. */
export interface Each extends Where {
  readonly ramBytes?: number | undefined;
  readonly diskBytes?: number | undefined;
}

/**
 * Which builders a round is to have. Every count is a least one: the choice has as few as can meet
 * them all, so `operators: 3` comes to three wherever three can be everything else that is asked.
 */
export interface Ask {
  readonly operators?: number | undefined;
  readonly builders?: number | undefined;
  readonly each?: Each | undefined;
  readonly atLeast?: readonly { readonly count: number; readonly where: Where }[] | undefined;
  /** How many different values of a fact there have to be; who tells none counts for none. */
  readonly distinct?: readonly { readonly fact: Fact; readonly count: number }[] | undefined;
}

/** Most demands of one kind in an ask. */
export const MAX_DEMANDS = 16;
/** Most builders, operators or values that can be asked for. */
export const MAX_COUNT = 256;
