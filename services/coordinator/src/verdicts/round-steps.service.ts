import { Inject, Injectable } from '@nestjs/common';
import { Not, type EntityManager } from 'typeorm';
import {
  roundCloseStatement,
  subjectName,
  verdictStatement,
  type CloseReason,
  type Signer,
} from '#libs/attestation';
import {
  advance,
  agreedDigest,
  isReadyToClose,
  isReadyToDecide,
  roundOutcome,
  type ArtifactVerdict,
} from '#libs/consensus';
import { SUBJECTS, VERSION, type RoundClosed, type VerdictLogged } from '#libs/contracts';
import { LogEntryEntity, RoundEntity } from '#libs/persistence';
import type { z } from 'zod';
import { OutboxService } from '../dispatch/outbox.service.js';
import { LogService } from '../log/log.service.js';
import { countRound } from '../rounds/round-ballot.js';
import { invitedBuilders, loadRound, type LoadedRound } from '../rounds/round-store.js';
import { SIGNER } from '../tokens.js';
import { isWaiting } from './is-waiting.js';

/** The coordinator's own moves in a round: the close, and the verdict. */
@Injectable()
export class RoundStepsService {
  constructor(
    private readonly log: LogService,
    private readonly outbox: OutboxService,
    @Inject(SIGNER) private readonly signer: Signer,
  ) {}

  /**
   * Makes every move that is due, in the caller's transaction and under the log's lock. Called after
   * each entry and at deadlines; two coordinators that both call it make each move once.
   */
  async advanceRound(manager: EntityManager, round: string, now: Date): Promise<void> {
    if (await isWaiting(manager, round, now)) return;
    let loaded = await loadRound(manager, round);
    if (loaded === null) return;
    const isDue = loaded.row.dueAt !== null && loaded.row.dueAt <= now;
    if (loaded.state.phase === 'open') {
      const isReady = isReadyToClose(loaded.state, invitedBuilders(loaded.open));
      if (!isReady && !isDue) return;
      await this.close(manager, loaded, isReady ? 'all-committed' : 'deadline', now);
      loaded = await loadRound(manager, round);
      // The deadline that closed the round is not the one for reveals.
      if (loaded !== null && isReadyToDecide(loaded.state)) await this.decide(manager, loaded, now);
      return;
    }
    if (loaded.state.phase === 'revealing' && (isDue || isReadyToDecide(loaded.state))) {
      await this.decide(manager, loaded, now);
    }
  }

  /** Logs RoundClose and tells every invited builder that it may show its result. */
  async close(
    manager: EntityManager,
    { row, open, state }: LoadedRound,
    reason: z.infer<typeof CloseReason>,
    now: Date,
  ): Promise<void> {
    const { to: phase } = advance(state.phase, 'close');
    const { envelope, index } = await this.log.appendOwn(
      manager,
      roundCloseStatement({ round: row.id, closedAt: now.toISOString(), reason }),
      { kind: 'round-close', round: row.id, builder: null },
      now,
    );
    await manager.update(
      RoundEntity,
      { id: row.id },
      {
        phase,
        closedAt: now,
        closeReason: reason,
        closeIndex: index,
        dueAt: new Date(now.getTime() + open.revealSeconds * 1000),
      },
    );
    const body = { round: row.id, roundClose: envelope };
    await this.tellBuilders(manager, { row, open }, SUBJECTS.roundClosed, body, now);
  }

  private async tellBuilders(
    manager: EntityManager,
    { row, open }: Pick<LoadedRound, 'row' | 'open'>,
    kind: string,
    body: RoundClosed | VerdictLogged,
    now: Date,
  ): Promise<void> {
    const messages = invitedBuilders(open).map((builder) => ({
      ...{ kind, builder, body, round: row.id },
    }));
    await this.outbox.enqueueAll(manager, messages, now);
  }

  private async decide(manager: EntityManager, loaded: LoadedRound, now: Date): Promise<void> {
    const { row, state } = loaded;
    const { to: phase } = advance(state.phase, 'verdict');
    // Open ones too: whoever shops for a verdict opens the next round before this one has its own.
    const isRepeated = await manager.existsBy(RoundEntity, {
      release: row.release,
      id: Not(row.id),
    });
    const verdicts = countRound(
      { ...loaded, state: { ...state, phase } },
      { isRepeated, origin: this.log.config.LOG_ORIGIN },
    );
    const entries = await manager.find(LogEntryEntity, {
      where: { round: row.id },
      order: { index: 'ASC' },
    });
    const isPassed = roundOutcome(verdicts) === 'satisfied';
    const statement = verdictStatement({
      coordinatorKeyId: this.signer.keyId,
      version: VERSION,
      decidedAt: now.toISOString(),
      round: row.id,
      releaseName: row.release,
      policySha256: row.id,
      isPassed,
      needed: verdicts[0]?.needed ?? 0,
      eligible: loaded.open.roster.length,
      subject: subjectsOf(loaded, verdicts, isPassed),
      inputs: entries
        .filter(({ kind }) => kind === 'commit' || kind === 'result')
        .map(({ index, envelopeSha256 }) => ({
          uri: `log:${this.log.config.LOG_ORIGIN}#${index}`,
          digest: { sha256: envelopeSha256 },
        })),
      artifacts: verdicts,
    });
    const label = { kind: 'verdict', round: row.id, builder: null } as const;
    const { envelope, index } = await this.log.appendOwn(manager, statement, label, now);
    await manager.update(
      RoundEntity,
      { id: row.id },
      { phase, decidedAt: now, verdictIndex: index, dueAt: null },
    );
    const body = { round: row.id, verdict: envelope };
    await this.tellBuilders(manager, loaded, SUBJECTS.verdictLogged, body, now);
  }
}

/**
 * The artifacts that a verdict speaks for: what the proposal elects, or all that was asked where it
 * elects none. Passed, each has the digest that was agreed on; failed, the published one that did
 * not come out. A digest that nobody built must never stand under a PASSED.
 */
function subjectsOf(
  { open }: LoadedRound,
  verdicts: readonly ArtifactVerdict[],
  isPassed: boolean,
): { name: string; digest: Record<string, string> }[] {
  const elected = verdicts.filter((verdict) => verdict.elected);
  const subjects = (elected.length > 0 ? elected : verdicts).flatMap((verdict) => {
    const artifact = open.release.artifacts.find(({ name }) => name === verdict.name);
    const agreed = agreedDigest(verdict.clusters, verdict.needed);
    const digest = isPassed ? agreed : (verdict.expected ?? agreed);
    if (artifact === undefined || digest === null) return [];
    return [{ name: subjectName(open.release, artifact), digest: { sha256: digest } }];
  });
  // A statement needs a subject even where nothing came out and nothing was published.
  return subjects.length > 0
    ? subjects
    : [{ name: open.release.name, digest: open.release.source.digest }];
}
