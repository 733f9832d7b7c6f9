import { isCompromisedAt, type RosterEntry } from '#libs/attestation';
import { fromBase64 } from '#libs/encoding';
import { standingsOf, type Ballot, type Claim, type Standing } from '#libs/consensus';
import type { Auditor } from './auditor.js';
import { ballotOf, shownUnwitnessed } from './count-replay.js';
import type { Replay } from './replay.js';

type RosterRow = RosterEntry['builders'][number];

/** The builders of one trusted operator in a round. */
export interface Seats {
  readonly operator: string;
  readonly group: string | null;
  /** Builders whose word counts. */
  readonly counted: readonly string[];
  /**
   * Builders that can only take away: those that a rule of the policy keeps out, and those that the
   * round lists beside the operator's own. What they say can contradict, and never help.
   */
  readonly doubted: readonly string[];
}

/** Finds who of a round's builders is whose, by the policy's own word or by the log's key records. */
export function seatsOf(
  replay: Replay,
  { policy, witnesses }: Auditor,
  origin: string,
): readonly Seats[] {
  // The round's own list is its coordinator's word: it may name none, or its friends.
  const believed = witnesses ?? replay.open.witnessing?.policy;
  const refusesWeak = policy.refuseWeaklyWitnessed === true;
  const weak = refusesWeak ? shownUnwitnessed(replay, origin, believed) : new Set();
  const owners = ownersOf(replay, policy.operators);
  // The first row of a builder counts, should it stand there twice.
  const rows = new Map(
    builderRows(replay.roster)
      .map((row) => [row.builder, row] as const)
      .toReversed(),
  );
  const isFit = (builder: string): boolean => {
    const facts = replay.results.get(builder)?.result.environment.facts;
    if (policy.coldBuildsOnly === true && facts !== undefined && facts['build.cache'] !== 'cold') {
      return false;
    }
    if (policy.enrolledOnly === true && !isEnrolled(replay, rows.get(builder))) return false;
    if (isCompromised(replay, rows.get(builder))) return false;
    return !weak.has(builder);
  };
  const owned = Map.groupBy(owners.keys(), (builder) => owners.get(builder));
  const beside = strangersBeside(replay.roster, owners);
  return policy.operators.map(({ operator, group = null }) => {
    const own = owned.get(operator) ?? [];
    const fit = new Set(own.filter(isFit));
    const unfit = own.filter((builder) => !fit.has(builder));
    const doubted = [...unfit, ...(beside.get(operator) ?? [])];
    return { operator, group, counted: [...fit], doubted };
  });
}

/** By the policy's operator: builders of nobody that the round lists together with one of its own. */
function strangersBeside(
  roster: readonly RosterEntry[],
  owners: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly string[]> {
  const beside = new Map<string, string[]>();
  for (const { builders } of roster) {
    const own = new Set(builders.flatMap(({ builder }) => owners.get(builder) ?? []));
    const strangers = builders.filter(({ builder }) => !owners.has(builder));
    for (const operator of own) {
      const known = beside.get(operator) ?? [];
      for (const { builder } of strangers) known.push(builder);
      beside.set(operator, known);
    }
  }
  return beside;
}

/** The round as the auditor counts it: its own operators, its own threshold. */
export function auditorBallot(
  replay: Replay,
  { threshold }: Auditor,
  seats: readonly Seats[],
  origin: string,
): Ballot {
  const all = standingsOf(
    replay.state,
    seats.flatMap(({ counted, doubted }) => [...counted, ...doubted]),
  );
  const standings = new Map(all);
  for (const { counted, doubted } of seats) {
    const told = counted.flatMap((builder) => builtIn(all.get(builder)));
    const shown = {
      built: new Set(told.flatMap(({ digests }) => [...digests.keys()])),
      read: new Set(told.flatMap(artifactsRead)),
    };
    for (const builder of doubted) {
      const standing = all.get(builder);
      if (standing !== undefined) standings.set(builder, onlyAgainst(standing, shown));
    }
  }
  const roster = seats.map(({ operator, counted, doubted }) => ({
    operator,
    builders: [...counted, ...doubted],
  }));
  return { ...ballotOf(replay, origin), roster, threshold, standings };
}

/** By builder id: the policy's operator that it belongs to. */
function ownersOf(
  { roster, history }: Replay,
  operators: Auditor['policy']['operators'],
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { builder, publicKey, keyIndex } of builderRows(roster)) {
    const key = history.lives.get(publicKey);
    // By the record that the round names alone: a later one would move votes to whoever made it.
    const isProven = key?.builder === builder && key.bornAt === keyIndex;
    const proven = isProven ? key.operator.publicKey : null;
    const owner = operators.find(
      (entry) =>
        entry.builders?.includes(builder) === true ||
        (proven !== null && entry.publicKey === proven),
    );
    if (owner !== undefined) owners.set(builder, owner.operator);
  }
  return owners;
}

/** Whether the log shows where a builder got the key that the round lists it with. */
function isEnrolled({ history }: Replay, row: RosterRow | undefined): boolean {
  if (row?.keyIndex === undefined) return false;
  const life = history.lives.get(row.publicKey);
  return life?.bornAt === row.keyIndex && life.builder === row.builder;
}

/** Whether a builder committed when somebody else may have held its key, as its operator told later. */
function isCompromised({ history, commitIndexes }: Replay, row: RosterRow | undefined): boolean {
  const index = row && commitIndexes.get(row.builder);
  if (row === undefined || index === undefined) return false;
  return isCompromisedAt(history, fromBase64(row.publicKey), index);
}

function builderRows(roster: readonly RosterEntry[]): readonly RosterRow[] {
  return roster.flatMap(({ builders }) => builders);
}

/** Artifacts that an operator's builders whose word counts have built, and of which they read a digest. */
interface Shown {
  readonly built: ReadonlySet<string>;
  readonly read: ReadonlySet<string>;
}

/** What is left of a standing that may only contradict: digests of what others showed as well. */
function onlyAgainst(standing: Standing, { built, read }: Shown): Standing {
  if (standing.kind !== 'said') return standing;
  const claims = builtIn(standing).flatMap((claim): readonly Claim[] => {
    const digests = new Map([...claim.digests].filter(([artifact]) => built.has(artifact)));
    const observations = claim.observations.filter(({ artifact }) => read.has(artifact));
    const isLeft = digests.size + observations.length > 0;
    return isLeft ? [{ ...claim, digests, observations }] : [];
  });
  return claims.length === 0 ? { kind: 'absent' } : { kind: 'said', claims };
}

type BuiltClaim = Extract<Claim, { readonly kind: 'built' }>;

function builtIn(standing: Standing | undefined): readonly BuiltClaim[] {
  return standing?.kind === 'said' ? standing.claims.filter((claim) => claim.kind === 'built') : [];
}

/** Of the readings only those of this source make a digest the expected one. */
function artifactsRead({ observations }: BuiltClaim): readonly string[] {
  return observations.flatMap(({ artifact, source }) => (source === 'cdn-sums' ? artifact : []));
}
