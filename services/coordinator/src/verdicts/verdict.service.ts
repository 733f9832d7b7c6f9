import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { verdictStatement, type Signer, type Statement } from '#libs/attestation';
import { advance, roundOutcome } from '#libs/consensus';
import { SUBJECTS, VERSION, type VerdictLogged } from '#libs/contracts';
import { verdictSubjects } from '#libs/evidence';
import { decidedRound, saveDecided } from '#libs/persistence';
import { OutboxService } from '../dispatch/outbox.service.js';
import { noteDecided, noteExperiments } from '../explanations/explanation-rows.js';
import { hasSplit } from '../explanations/split-artifacts.js';
import { LogService } from '../log/log.service.js';
import { AfterCommit } from '../metrics/after-commit.js';
import { CoordinatorMeters } from '../metrics/coordinator-meters.js';
import { readRepeated } from '../rounds/repeated-rounds.js';
import { countRound } from '../rounds/round-ballot.js';
import type { LoadedRound } from '../rounds/round-store.js';
import { SIGNER } from '../tokens.js';
import { toInvited } from './to-invited.js';

/** An entry that a verdict rests on. */
interface Input {
  readonly round: string;
  readonly index: string;
  readonly sha256: string;
}

/** Decides rounds, once for each. */
@Injectable()
export class VerdictService {
  constructor(
    private readonly log: LogService,
    private readonly outbox: OutboxService,
    @Inject(SIGNER) private readonly signer: Signer,
    private readonly meters: CoordinatorMeters,
    private readonly afterCommit: AfterCommit,
  ) {}

  /**
   * Counts each round, logs its verdict, notes what is to be explained and tells every invited builder.
   *
   * @throws ConsensusError FORBIDDEN_TRANSITION for a round that is open, or decided already
   */
  async decide(manager: EntityManager, rounds: readonly LoadedRound[], now: Date): Promise<void> {
    if (rounds.length === 0) return;
    const ids = rounds.map(({ row }) => row.id);
    const repeated = await readRepeated(manager, ids);
    const inputs = Map.groupBy(await readInputs(manager, ids), ({ round }) => round);
    const entries = await this.log.appendAllOwn(
      manager,
      rounds.map((loaded) => {
        const { id: round } = loaded.row;
        const isRepeated = repeated.has(round);
        const statement = this.count(manager, loaded, inputs.get(round) ?? [], isRepeated, now);
        return { loaded, statement, label: { kind: 'verdict', round, builder: null } as const };
      }),
      now,
    );
    await manager.query(
      `UPDATE "round" AS row
       SET "phase" = 'final', "decided_at" = $1, "verdict_index" = now."index", "due_at" = NULL
       FROM unnest($2::text[], $3::bigint[]) AS now("id", "index") WHERE row."id" = now."id"`,
      [now, ids, entries.map(({ index }) => index)],
    );
    await saveDecided(
      manager,
      entries.map(({ loaded: { row, open, builders }, statement, index }) =>
        decidedRound({ round: row.id, open, verdictIndex: index, statement, seats: builders }),
      ),
    );
    const decided = rounds.map((loaded) => ({ round: loaded.row.id, isSplit: hasSplit(loaded) }));
    await noteDecided(manager, decided, now);
    await noteExperiments(
      manager,
      rounds.flatMap(({ open }) => open.experiment?.round ?? []),
      now,
    );
    const messages = entries.flatMap(({ loaded: { row, open }, envelope }) => {
      const body: VerdictLogged = { round: row.id, verdict: envelope };
      return toInvited(open, { kind: SUBJECTS.verdictLogged, round: row.id, body });
    });
    await this.outbox.enqueueAll(manager, messages, now);
  }

  private count(
    manager: EntityManager,
    loaded: LoadedRound,
    inputs: readonly Input[],
    isRepeated: boolean,
    now: Date,
  ): Statement {
    const { row, open, state } = loaded;
    const { LOG_ORIGIN: origin } = this.log.config;
    const { to: phase } = advance(state.phase, 'verdict');
    const verdicts = countRound({ ...loaded, state: { ...state, phase } }, { isRepeated, origin });
    this.afterCommit.add(manager, () => {
      const logged = this.meters.counter('quorum_verdicts_total');
      for (const { verdict, elected } of verdicts) {
        logged.inc({ verdict, elected: elected ? 'yes' : 'no' });
      }
    });
    // Where nothing was counted, as in an experiment, nothing has passed.
    const isPassed = verdicts.length > 0 && roundOutcome(verdicts) === 'satisfied';
    return verdictStatement({
      coordinatorKeyId: this.signer.keyId,
      version: VERSION,
      decidedAt: now.toISOString(),
      round: row.id,
      releaseName: row.release,
      policySha256: row.id,
      isPassed,
      needed: verdicts[0]?.needed ?? 0,
      eligible: open.roster.length,
      subject: verdictSubjects(open.release, verdicts, isPassed),
      inputs: inputs.map(({ index, sha256 }) => ({
        uri: `log:${origin}#${index}`,
        digest: { sha256 },
      })),
      artifacts: verdicts,
    });
  }
}

async function readInputs(
  manager: EntityManager,
  rounds: readonly string[],
): Promise<readonly Input[]> {
  return manager.query<Input[]>(
    `SELECT "round", "index", "envelope_sha256" AS "sha256" FROM "log_entry"
     WHERE "round" = ANY($1) AND "kind" IN ('commit', 'result') ORDER BY "index"`,
    [rounds],
  );
}
