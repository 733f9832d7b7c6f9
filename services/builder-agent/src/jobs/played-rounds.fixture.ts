import type { Msg, NatsConnection } from '@nats-io/transport-node';
import {
  commitmentOf,
  envelopeDigest,
  openEnvelope,
  parseStatement,
  readCommit,
  readResult,
  readReveal,
  type Envelope,
  type RoundOpen,
} from '#libs/attestation';
import {
  CloseEvidenceAsked,
  CommitSubmitted,
  Progress,
  ResultSubmitted,
  SUBJECTS,
  subjectFor,
  type CloseEvidence,
  type Receipt,
} from '#libs/contracts';
import { fromBase64 } from '#libs/encoding';
import { formatProofFile } from '#libs/tlog';
import { playLog, type PlayedLog } from '../log.fixture.js';
import { playCoordinator, type OpenedRound } from '../round.fixture.js';
import { BUILDER } from '../submit/close-evidence.fixture.js';
import { answerOf, type Answer } from './close-answers.fixture.js';

const played = playCoordinator();

/** What a builder sends of a round. */
export type Kind = 'commit' | 'result';

/** One round as its coordinator has it, with what came of the builder. */
interface Played extends OpenedRound {
  readonly close: Envelope;
  readonly verdict: Envelope;
  readonly heard: Partial<Record<Kind, Envelope>>;
  /** The bodies that were sent, each the same for ever. */
  readonly bodies: Partial<Record<Kind, string>>;
  /** Checkpoints that were answered, and on which the result may be shown. */
  readonly given: Set<string>;
}

/** A coordinator of rounds with one builder, of whose agent it hears every word. */
export class PlayedRounds {
  /** What the agent should not have said. */
  readonly wrongs: string[] = [];
  /** What it sent, such as `commit 0`. */
  sent: string[] = [];
  /** Of which rounds it asked, and was answered. */
  readonly asked = new Set<number>();
  answer: Answer = 'silence';
  private readonly log: PlayedLog = playLog(played.signer);
  private readonly indexes = new Map<string, number>();
  private readonly rounds: readonly Played[];

  constructor(
    private readonly nats: NatsConnection,
    more: Partial<RoundOpen>,
    count: number,
  ) {
    this.log.append('a leaf of others');
    this.log.append('another leaf of others');
    this.rounds = Array.from({ length: count }, (_, at) => {
      const opened = played.open([BUILDER], {
        ...more,
        openedAt: `2026-09-1${at}T03:20:00Z`,
      });
      const [close, verdict] = [played.close(opened.round), played.decide(opened.round)];
      return { ...opened, close, verdict, heard: {}, bodies: {}, given: new Set<string>() };
    });
  }

  /** Hears the agent until what this gives is called. */
  listen(): () => void {
    const subscription = this.nats.subscribe('quorum.>', {
      callback: (_, message) => {
        try {
          this.take(message);
        } catch (error) {
          this.wrongs.push(String(error));
        }
      },
    });
    return () => {
      subscription.unsubscribe();
    };
  }

  round(at: number): Played {
    const round = this.rounds[at];
    if (round === undefined) throw new Error(`there is no round ${at}`);
    return round;
  }

  /** The checkpoint that it has now. */
  note(): string {
    return this.log.note();
  }

  /** Logs the close: what comes after it is late. */
  close(at: number): Envelope {
    const { close } = this.round(at);
    this.append(close, played.signer.publicKey);
    return close;
  }

  /** Logs what was heard, and gives the receipt of it; null where nothing was. */
  receive(kind: Kind, at: number): Receipt | null {
    const envelope = this.round(at).heard[kind];
    if (envelope === undefined) return null;
    const index = this.append(envelope, BUILDER.publicKey);
    const proof = this.log.path(index).map(fromBase64);
    const text = formatProofFile({ index: BigInt(index), proof, checkpoint: this.log.note() });
    return { envelopeSha256: envelopeDigest(envelope), proof: text };
  }

  private append(envelope: Envelope, publicKey: Uint8Array): number {
    const index = this.indexOf(envelope);
    if (index !== null) return index;
    const appended = this.log.append({ envelope, by: { publicKey } });
    this.indexes.set(commitmentOf(envelope), appended);
    return appended;
  }

  private indexOf(envelope: Envelope): number | null {
    return this.indexes.get(commitmentOf(envelope)) ?? null;
  }

  private take(message: Msg): void {
    const { subject } = message;
    switch (subject) {
      case subjectFor(SUBJECTS.progress, BUILDER.id):
        // Of a form that has no room for a digest.
        Progress.parse(message.json<{ data: unknown }>().data);
        return;
      case subjectFor(SUBJECTS.commitSubmitted, BUILDER.id):
        this.takeCommit(message.string());
        return;
      case subjectFor(SUBJECTS.resultSubmitted, BUILDER.id):
        this.takeResult(message.string());
        return;
      case subjectFor(SUBJECTS.closeEvidence, BUILDER.id): {
        const { round, oldSize } = CloseEvidenceAsked.parse(message.json());
        message.respond(JSON.stringify(this.answerTo(this.numberOf(round), oldSize)));
        return;
      }
      default:
        this.wrongs.push(`a word to ${subject}`);
    }
  }

  private takeCommit(body: string): void {
    const { envelope } = CommitSubmitted.parse(JSON.parse(body));
    this.hear('commit', this.numberOf(readCommit(saidIn(envelope)).round), envelope, body);
  }

  private takeResult(body: string): void {
    const { envelope, reveal } = ResultSubmitted.parse(JSON.parse(body));
    const at = this.numberOf(readResult(saidIn(envelope)).round ?? '');
    const { heard, close, open, given } = this.round(at);
    const { commit } = heard;
    const name = `result ${at}`;
    if (commit === undefined) throw new Error(`${name} without a commit`);
    const isCommittedTo = readCommit(saidIn(commit)).commitment === commitmentOf(envelope);
    this.expect(isCommittedTo, `${name} is not what was committed to`);
    const [commitIndex, closeIndex] = [this.indexOf(commit), this.indexOf(close)];
    this.expect(commitIndex !== null, `${name} before its commit is logged`);
    this.hear('result', at, envelope, body);
    if (!open.blind) return;
    this.expect(closeIndex !== null, `${name} in an open round`);
    this.expect(given.size > 0, `${name} without the log's word`);
    const isLate = Number(commitIndex) > Number(closeIndex);
    this.expect((reveal === undefined) === isLate, `${name} late and revealed, or neither`);
    if (reveal === undefined) return;
    const seen = readReveal(saidIn(reveal));
    this.expect(given.has(seen.checkpoint), `${name} on another checkpoint`);
    const isSeen = seen.commitIndex === commitIndex && seen.closeIndex === closeIndex;
    this.expect(isSeen, `${name} on another commit or close`);
  }

  private hear(kind: Kind, at: number, envelope: Envelope, body: string): void {
    const { heard, bodies } = this.round(at);
    bodies[kind] ??= body;
    this.expect(bodies[kind] === body, `another ${kind} ${at} than before`);
    heard[kind] ??= envelope;
    this.sent.push(`${kind} ${at}`);
  }

  private expect(isSo: boolean, wrong: string): void {
    if (!isSo) this.wrongs.push(wrong);
  }

  private numberOf(round: string): number {
    return this.rounds.findIndex((each) => each.round === round);
  }

  private answerTo(at: number, oldSize: number): CloseEvidence | null {
    const { heard, close, open, given } = this.round(at);
    if (this.answer !== 'silence') this.asked.add(at);
    const commit = heard.commit;
    const [commitIndex, closeIndex] = [commit && this.indexOf(commit), this.indexOf(close)];
    if (commit === undefined || commitIndex == null || closeIndex === null) return null;
    const evidence = answerOf(
      this.answer,
      this.log,
      { envelope: commit, index: commitIndex },
      { envelope: close, index: closeIndex, by: played.signer },
      oldSize,
    );
    const isEnough = this.answer === 'few' && open.witnessing === undefined;
    if (evidence !== null && (this.answer === 'good' || isEnough)) given.add(evidence.checkpoint);
    return evidence;
  }
}

/** What the builder says in an envelope that it signed. */
function saidIn(envelope: Envelope): ReturnType<typeof parseStatement> {
  return parseStatement(openEnvelope(envelope, BUILDER.publicKey));
}
