import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { Envelope, parseEnvelope } from '#libs/attestation';
import { Urgency } from '#libs/contracts';
import { isSha256 } from '#libs/encoding';
import type { Config } from '../config.js';
import { CONFIG } from '../tokens.js';
import { makeFolderDurably, readIfThere, writeDurably } from './durable-file.js';
import { PrivateValue } from '../explain/private-value.js';
import { isSettled, Sealed, Shown, Stopped, type Job } from './job.js';
import { openOf, softly } from './read-parts.js';
import { Tries } from './tries.js';

const PARTS = {
  dispatch: 'round-open.dsse.json',
  amends: 'round-amends.json',
  urgency: 'urgency.json',
  tries: 'tries.json',
  stopped: 'stopped.json',
  declined: 'decline.dsse.json',
  declineReceipt: 'decline.tlog-proof',
  privateValues: 'private-values.json',
  sealed: 'sealed.json',
  commitReceipt: 'commit.tlog-proof',
  closeKeptAt: 'close-kept.json',
  roundClose: 'round-close.dsse.json',
  badEvidence: 'bad-evidence.json',
  shown: 'reveal.json',
  resultReceipt: 'result.tlog-proof',
  verdict: 'verdict.dsse.json',
  answer: 'verdict-answer.dsse.json',
  answerReceipt: 'verdict-answer.tlog-proof',
} as const;

const Envelopes = z.array(Envelope);
const PrivateValues = z.array(PrivateValue).max(256);
const KeptAt = z.object({ keptAt: z.iso.datetime().transform((text) => new Date(text)) });

/** An envelope of a job, as the log has it or will have it. */
export interface HeldEnvelope {
  readonly envelope: Envelope;
  /** The tlog-proof that it is logged; null for what was sent without one. */
  readonly receipt: string | null;
}

/** The jobs on disk. It is the outbox as well: a sealed job without its receipts is unsent. */
@Injectable()
export class JobStoreService {
  private readonly logger = new Logger(JobStoreService.name);
  /** Rounds of which nothing more is to be sent or signed. */
  private readonly settled = new Set<string>();

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'STATE_DIR'>) {}

  /** Keeps a dispatch whose signatures were checked. Keeping it again changes nothing. */
  async add(
    round: string,
    roundOpen: Envelope,
    amends: readonly Envelope[] = [],
    urgency?: Urgency,
  ): Promise<void> {
    await makeFolderDurably(this.folder(round));
    if (urgency !== undefined) await this.writeOnce(round, 'urgency', JSON.stringify(urgency));
    // First: with the dispatch the job begins, and without them nothing invites this builder.
    if (amends.length > 0) await this.writeOnce(round, 'amends', JSON.stringify(amends));
    await this.writeOnce(round, 'dispatch', JSON.stringify(roundOpen));
  }

  /**
   * Keeps what is private of the very build that is about to be sealed, its owner's alone: it never
   * leaves this machine, and without it no byte of what was built does.
   */
  async keepPrivateValues(round: string, values: readonly PrivateValue[]): Promise<void> {
    // Not once: a build that died before its seal had other folders.
    await writeDurably(this.path(round, 'privateValues'), JSON.stringify(values));
  }

  /** Gives what is private of a job's build; null where it is not known. */
  async privateValues(round: string): Promise<readonly PrivateValue[] | null> {
    const text = await this.read(round, 'privateValues');
    return text === null ? null : PrivateValues.parse(JSON.parse(text));
  }

  /** Tells whether this builder's own result of a round is in the log: only then may it be asked. */
  async isShown(round: string): Promise<boolean> {
    return (await this.read(round, 'resultReceipt')) !== null;
  }

  /** Keeps what was tried in vain; each time it replaces what was there. */
  async keepTries(round: string, tries: Tries): Promise<void> {
    await writeDurably(this.path(round, 'tries'), JSON.stringify(tries));
  }

  /** Keeps that a round is not built; what is sealed already goes on all the same. */
  async stop(round: string, stopped: Stopped): Promise<void> {
    await this.writeOnce(round, 'stopped', JSON.stringify(stopped));
  }

  /** Keeps a signed decline; the first one is the only one ever sent. */
  async decline(round: string, declined: Envelope): Promise<void> {
    await this.writeOnce(round, 'declined', JSON.stringify(declined));
  }

  /** Keeps a result and its commit. The first one sealed is the only one ever sent. */
  async seal(round: string, sealed: Sealed): Promise<void> {
    await this.writeOnce(round, 'sealed', JSON.stringify(sealed));
  }

  /** Keeps a close whose signature was checked; the dispatch may still be on its way. */
  async addClose(round: string, roundClose: Envelope, keptAt: Date): Promise<void> {
    await makeFolderDurably(this.folder(round));
    await this.markCloseKept(round, keptAt);
    await this.writeOnce(round, 'roundClose', JSON.stringify(roundClose));
  }

  /** Keeps the time at which a close was first here; a file's own time says nothing after a copy. */
  async markCloseKept(round: string, keptAt: Date): Promise<void> {
    await this.writeOnce(round, 'closeKeptAt', JSON.stringify({ keptAt: keptAt.toISOString() }));
  }

  /** Keeps evidence that contradicts itself; the first is enough. */
  async addBadEvidence(round: string, evidence: object): Promise<void> {
    await this.writeOnce(round, 'badEvidence', JSON.stringify(evidence));
  }

  /** Keeps the decision to show a result, with the statement that goes with it. */
  async show(round: string, shown: Shown): Promise<void> {
    await this.writeOnce(round, 'shown', JSON.stringify(shown));
  }

  /** Keeps a verdict whose signature was checked. */
  async addVerdict(round: string, verdict: Envelope): Promise<void> {
    await this.writeOnce(round, 'verdict', JSON.stringify(verdict));
    this.settled.delete(round);
  }

  /** Keeps what this builder says of the verdict: the first answer is the only one ever sent. */
  async answer(round: string, answer: Envelope): Promise<void> {
    await this.writeOnce(round, 'answer', JSON.stringify(answer));
  }

  async addReceipt(
    round: string,
    part: 'commitReceipt' | 'resultReceipt' | 'answerReceipt' | 'declineReceipt',
    proof: string,
  ): Promise<void> {
    await this.writeOnce(round, part, proof);
  }

  /** Gives a job; null when the round was never dispatched here. */
  async find(round: string): Promise<Job | null> {
    const dispatch = await this.read(round, 'dispatch');
    if (dispatch === null) return null;
    const sealed = await this.read(round, 'sealed');
    const closeKeptAt = await this.read(round, 'closeKeptAt');
    const stopped = await this.read(round, 'stopped');
    const shown = await this.read(round, 'shown');
    return {
      round,
      dispatch: parseEnvelope(dispatch),
      open: openOf(dispatch, await this.read(round, 'amends')),
      urgency: softly(Urgency, await this.read(round, 'urgency')),
      tries: softly(Tries, await this.read(round, 'tries')),
      stopped: stopped === null ? null : Stopped.parse(JSON.parse(stopped)),
      declined: await this.readEnvelope(round, 'declined'),
      declineReceipt: await this.read(round, 'declineReceipt'),
      sealed: sealed === null ? null : Sealed.parse(JSON.parse(sealed)),
      commitReceipt: await this.read(round, 'commitReceipt'),
      roundClose: await this.readEnvelope(round, 'roundClose'),
      closeKeptAt: closeKeptAt === null ? null : KeptAt.parse(JSON.parse(closeKeptAt)).keptAt,
      isContradicted: (await this.read(round, 'badEvidence')) !== null,
      shown: shown === null ? null : Shown.parse(JSON.parse(shown)),
      resultReceipt: await this.read(round, 'resultReceipt'),
      verdict: await this.readEnvelope(round, 'verdict'),
      answer: await this.readEnvelope(round, 'answer'),
      answerReceipt: await this.read(round, 'answerReceipt'),
    };
  }

  /** Gives all jobs that can be read, the oldest round first. */
  async all(): Promise<readonly Job[]> {
    return this.readAll(await this.rounds());
  }

  /**
   * Gives the jobs that may still need something, the oldest round first. Nothing is ever removed, so
   * what is settled must not be read every second for ever.
   */
  async pending(now = new Date()): Promise<readonly Job[]> {
    const rounds = (await this.rounds()).filter((round) => !this.settled.has(round));
    const jobs = await this.readAll(rounds);
    for (const job of jobs) if (isSettled(job, now)) this.settled.add(job.round);
    return jobs.filter(({ round }) => !this.settled.has(round));
  }

  /**
   * Gives every envelope that a round's job holds, its own and the coordinator's: should the log lose
   * them, they are here. Nothing of a job is ever removed.
   */
  async held(round: string): Promise<readonly HeldEnvelope[]> {
    const job = await this.find(round);
    if (job === null) return [];
    const { sealed, roundClose, shown, verdict, answer } = job;
    const amends = Envelopes.parse(JSON.parse((await this.read(round, 'amends')) ?? '[]'));
    const all: readonly (readonly [Envelope | null | undefined, string | null])[] = [
      [job.dispatch, null],
      ...amends.map((amend) => [amend, null] as const),
      [sealed?.commit, job.commitReceipt],
      [roundClose, null],
      // What was not shown yet is nobody's business, whatever the log lost.
      [shown === null && job.open.blind ? null : sealed?.result, job.resultReceipt],
      [shown?.reveal, null],
      [verdict, null],
      [answer, job.answerReceipt],
      [job.declined, job.declineReceipt],
    ];
    return all.flatMap(([envelope, receipt]) =>
      envelope === null || envelope === undefined ? [] : [{ envelope, receipt }],
    );
  }

  private async rounds(): Promise<readonly string[]> {
    await mkdir(this.config.STATE_DIR, { recursive: true, mode: 0o700 });
    // A folder that cannot be read must not look like one without jobs.
    await mkdir(this.root(), { recursive: true, mode: 0o700 });
    return (await readdir(this.root())).filter(isSha256);
  }

  private async readAll(rounds: readonly string[]): Promise<readonly Job[]> {
    const jobs = await Promise.all(rounds.map((round) => this.findWhole(round)));
    return jobs
      .filter((job) => job !== null)
      .toSorted((a, b) => a.open.openedAt.localeCompare(b.open.openedAt, 'en'));
  }

  /** Where a job keeps its files, the build's log among them. */
  folder(round: string): string {
    return join(this.root(), round);
  }

  /** One job that a bad disk spoilt must not hold up the others. */
  private async findWhole(round: string): Promise<Job | null> {
    try {
      return await this.find(round);
    } catch (error) {
      this.logger.warn(`round ${round.slice(0, 12)} cannot be read: ${String(error)}`);
      return null;
    }
  }

  private root(): string {
    return join(this.config.STATE_DIR, 'jobs');
  }

  private read(round: string, part: keyof typeof PARTS): Promise<string | null> {
    return readIfThere(this.path(round, part));
  }

  private async readEnvelope(round: string, part: keyof typeof PARTS): Promise<Envelope | null> {
    const text = await this.read(round, part);
    return text === null ? null : parseEnvelope(text);
  }

  private async writeOnce(round: string, part: keyof typeof PARTS, text: string): Promise<void> {
    if ((await this.read(round, part)) !== null) return;
    await writeDurably(this.path(round, part), text);
  }

  private path(round: string, part: keyof typeof PARTS): string {
    return join(this.folder(round), PARTS[part]);
  }
}
