import type { EntityManager } from 'typeorm';
import { givesVerdict, type RoundOpen } from '#libs/attestation';
import {
  headlineOf,
  plain,
  type DecidedBefore,
  type NewsProposal,
  type NewsSeat,
  type RoundFacts,
  type RoundMoment,
} from '#libs/contracts';
import { ProposalEntity, RoundEntity } from '#libs/persistence';
import { openOf } from '../rounds/round-store.js';
import { readVerdictAt } from './round-verdicts.js';

/** Entries of the log that news may follow from. */
export const TELLING_KINDS = ['round-open', 'round-close', 'verdict'] as const;
export type TellingKind = (typeof TELLING_KINDS)[number];

/** A round before and after one entry of the log. */
export interface RoundChange {
  readonly before: RoundMoment | null;
  readonly after: RoundMoment;
}

/**
 * Reads what a round was before and after an entry, as the log tells: the same whenever it is asked.
 * Null for a round that gives no verdict, which is nobody's news.
 */
export async function readChange(
  manager: EntityManager,
  round: string,
  kind: TellingKind,
): Promise<RoundChange | null> {
  const row = await manager.findOneBy(RoundEntity, { id: round });
  if (row === null) return null;
  const open = openOf(row);
  if (!givesVerdict(open)) return null;
  const facts = await factsOf(manager, row, open);
  const opened: RoundMoment = {
    ...{ facts, phase: 'open', at: row.openedAt.toISOString(), missing: [] },
    ...{ artifacts: [], headline: '', before: null, proposals: [] },
  };
  if (kind === 'round-open') return { before: null, after: opened };
  const closed: RoundMoment = {
    ...{ ...opened, phase: 'revealing', at: (row.closedAt ?? row.openedAt).toISOString() },
    missing: kind === 'round-close' ? await missingAtClose(manager, row) : [],
  };
  if (kind === 'round-close') return { before: opened, after: closed };
  return { before: closed, after: await decidedMoment(manager, row, open, closed) };
}

/** Gives what stays the same of a round. */
export async function factsOf(
  manager: EntityManager,
  row: RoundEntity,
  open: RoundOpen,
): Promise<RoundFacts> {
  return {
    ...{ round: row.id, release: row.release, proposal: await proposalOf(manager, row) },
    ...{ threshold: open.threshold, closesAt: open.closesAt, roster: open.roster },
    groups: (open.groups ?? []).map(({ group }) => group),
  };
}

async function proposalOf(
  manager: EntityManager,
  { proposalId }: RoundEntity,
): Promise<NewsProposal | null> {
  if (proposalId === null) return null;
  const row = await manager.findOneBy(ProposalEntity, { id: proposalId });
  return row === null ? null : newsProposal(row);
}

/** Tells a proposal as news have it. */
export function newsProposal({
  id,
  title,
  votingEndsAt,
}: Pick<ProposalEntity, 'id' | 'title' | 'votingEndsAt'>): NewsProposal {
  return { id, title: plain(title), deadlineAt: votingEndsAt?.toISOString() ?? null };
}

/** Everybody whose commit or refusal the close did not wait for. */
async function missingAtClose(
  manager: EntityManager,
  { id, closeIndex }: RoundEntity,
): Promise<readonly NewsSeat[]> {
  return manager.query<NewsSeat[]>(
    `SELECT "builder", "operator" FROM "round_builder" WHERE "round" = $1
       AND ("commit_index" IS NULL OR "commit_index" > $2)
       AND ("decline_index" IS NULL OR "decline_index" > $2)
     ORDER BY "operator", "builder"`,
    [id, closeIndex ?? 0],
  );
}

async function decidedMoment(
  manager: EntityManager,
  row: RoundEntity,
  open: RoundOpen,
  closed: RoundMoment,
): Promise<RoundMoment> {
  const artifacts = [...(await readVerdictAt(manager, row.verdictIndex ?? -1))];
  const { proposal } = closed.facts;
  const headline = headlineOf({
    ...{ kind: 'round', deployment: null, release: open.release, artifacts },
    proposal: proposal === null ? null : { id: proposal.id, unelects: [] },
    round: { eligible: open.roster.length },
  });
  return {
    ...{ ...closed, phase: 'final', at: (row.decidedAt ?? row.openedAt).toISOString() },
    ...{ artifacts, headline, before: await decidedBefore(manager, row) },
    proposals: await proposalsOn(manager, row.release),
  };
}

/** The round on the same release that was decided last before this one. */
async function decidedBefore(
  manager: EntityManager,
  { release, verdictIndex }: RoundEntity,
): Promise<DecidedBefore | null> {
  const [earlier] = await manager.query<{ id: string; index: string }[]>(
    `SELECT "id", "verdict_index" AS "index" FROM "round"
     WHERE "release" = $1 AND "verdict_index" < $2
       AND "open"->'experiment' IS NULL AND "open"->'calibration' IS NULL
     ORDER BY "verdict_index" DESC LIMIT 1`,
    [release, verdictIndex],
  );
  if (earlier === undefined) return null;
  return { round: earlier.id, artifacts: await readVerdictAt(manager, Number(earlier.index)) };
}

/** Proposals that elect a release in a round, or deploy it; there are never many proposals. */
async function proposalsOn(manager: EntityManager, release: string): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT "proposal_id" AS "id" FROM "round" WHERE "release" = $1 AND "proposal_id" IS NOT NULL
     UNION SELECT "id" FROM "proposal"
       WHERE "decision"->>'kind' = 'deploys' AND 'ic/' || ("decision"->>'commit') = $1
     ORDER BY 1`,
    [release],
  );
  return rows.map(({ id }) => id);
}
