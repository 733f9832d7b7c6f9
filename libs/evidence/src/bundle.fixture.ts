import {
  commitmentOf,
  commitStatement,
  declineStatement,
  refOf,
  resultStatement,
  revealStatement,
  roundAmendStatement,
  roundCloseStatement,
  roundIdOf,
  roundOpenStatement,
  signStatement,
  unverifiedPayload,
  type Envelope,
  type Published,
  type Release,
  type Result,
  type RosterEntry,
  type RoundOpen,
  type Signer,
  type Witnessing,
} from '#libs/attestation';
import { sha256, toBase64 } from '#libs/encoding';
import { bundleLines, type BundleSource, type LoggedEnvelope } from './bundle-source.js';
import { writeBundleLine } from './bundle-text.js';
import { openEntry, type OpenedEntry } from './entry.js';
import { COORDINATOR, MemoryLog, ORIGIN, quickSigner, WITNESS_POLICY } from './log.fixture.js';
import { recomputeVerdict } from './recompute-verdict.js';
import { replayRound, type ReplayAnswer } from './replay-round.js';
import type { Replay } from './replay.js';

/** A builder of a round, and how it behaves. */
export interface Hand {
  readonly operator: string;
  readonly signer: Signer;
  /** Names the bytes that it builds: `good` is what is expected. */
  readonly variant: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly published?: readonly Published[];
}

export const GUESTOS = 'guestos/update-img';
export const SETUPOS = 'setupos/disk-img';
const COMMIT_ID = '35bfcadd0f2a474057e42393917b8b3ac269627a';

/** A release of an elected GuestOS and an advisory SetupOS. */
export const RELEASE: Release = {
  name: `ic/${COMMIT_ID}`,
  source: { uri: null, digest: { gitCommit: COMMIT_ID } },
  artifacts: [
    {
      name: GUESTOS,
      path: 'guest-os/update-img/update-img.tar.zst',
      expected: sha256(`good ${GUESTOS}`),
      elected: true,
      embeds: [],
    },
    {
      name: SETUPOS,
      path: 'setup-os/disk-img/disk-img.tar.zst',
      expected: null,
      elected: false,
      embeds: [GUESTOS],
    },
  ],
};

/** Payload and evidence of the fixtures' proposal, as its stand-in for the NNS certifies them. */
export const PAYLOAD = new Uint8Array(Buffer.from('elect the fixture'));
export const EVIDENCE = { certificate: 'as if', requestId: '138000' };

/** Five operators with one builder each, of whom all build what is expected. */
export function fiveHands(variants: readonly string[] = []): Hand[] {
  return ['alice', 'bob', 'carol', 'dave', 'erin'].map((operator, at) => ({
    ...{ operator, signer: quickSigner(at), variant: variants[at] ?? 'good' },
    facts: {
      'build.cache': 'cold',
      'machine.virtualisation': at % 2 === 0 ? 'kvm' : 'none',
      'os.id': at % 2 === 0 ? 'debian' : 'ubuntu',
    },
  }));
}

export function rosterOf(hands: readonly Hand[]): RosterEntry[] {
  const operators = Map.groupBy(hands, ({ operator }) => operator);
  return [...operators].map(([operator, own]) => ({
    operator,
    builders: own.map(({ signer: { id, publicKey } }) => ({
      builder: id,
      publicKey: toBase64(publicKey),
    })),
  }));
}

/** What a test wants otherwise; null for a round without witnesses. */
export type Otherwise = Partial<Omit<RoundOpen, 'witnessing'>> & {
  readonly witnessing?: Witnessing | null;
};

export function roundOpen(hands: readonly Hand[], over: Otherwise = {}): RoundOpen {
  const { witnessing = { policy: WITNESS_POLICY, fallbackSeconds: 3600 }, ...rest } = over;
  return {
    openedAt: '2026-01-02T03:00:00.000Z',
    closesAt: '2026-01-03T03:00:00.000Z',
    revealSeconds: 3600,
    blind: true,
    threshold: '3/5',
    release: RELEASE,
    proposal: {
      ...{ id: '138000', nnsFunction: 38, payloadSha256: sha256(PAYLOAD) },
      evidenceSha256: sha256('{"certificate":"as if","requestId":"138000"}'),
    },
    urls: ['https://download.example/guest-os/update-img.tar.zst'],
    roster: rosterOf(hands),
    nonce: toBase64(new Uint8Array(32).fill(7)),
    ...(witnessing !== null && { witnessing }),
    ...rest,
  };
}

/** What a hand built, or how it failed: `failed` is a variant too. */
export function resultOf(hand: Hand, round: string, release: Release = RELEASE): Result {
  const head = {
    ...{ round, builder: hand.signer.id, release: refOf(release) },
    ...{ salt: toBase64(Buffer.from(sha256(hand.signer.id), 'hex')), agentVersion: '0.1.0' },
    ...{ agentDigest: null, logSha256: null },
    ...{ startedAt: '2026-01-02T03:04:05.000Z', finishedAt: '2026-01-02T05:06:07.000Z' },
    environment: { source: 'measured' as const, facts: { ...hand.facts }, withheld: [] },
  };
  if (hand.variant === 'failed') {
    const failure = { stage: 'build' as const, class: 'out-of-space', message: 'disk full' };
    return { ...head, kind: 'failed', ...failure };
  }
  return {
    ...head,
    kind: 'built',
    outputs: release.artifacts.map(({ name, path }) => ({
      ...{ name, path, sizeBytes: 1000 },
      sha256: sha256(`${hand.variant} ${name}`),
    })),
    published: hand.published ?? [],
    inputs: { source: { gitCommit: COMMIT_ID } },
  };
}

/** A round that is played into a log in memory, step by step. */
export class HandRound {
  readonly open: RoundOpen;
  readonly round: string;
  readonly openIndex: number;
  readonly results = new Map<string, Envelope>();
  readonly commitIndexes = new Map<string, number>();
  closeIndex = -1;

  constructor(
    readonly log: MemoryLog,
    readonly hands: readonly Hand[],
    over: Otherwise = {},
  ) {
    this.open = roundOpen(hands, over);
    const statement = roundOpenStatement(this.open);
    this.round = roundIdOf(unverifiedPayload(signStatement(statement, log.coordinator)));
    this.openIndex = log.append('round-open', statement);
  }

  commit(hand: Hand): void {
    const result = signStatement(resultStatement(resultOf(hand, this.round)), hand.signer);
    const { id: builder } = hand.signer;
    this.results.set(builder, result);
    const commit = { round: this.round, builder, commitment: commitmentOf(result) };
    this.commitIndexes.set(
      builder,
      this.log.append('commit', commitStatement(commit), hand.signer),
    );
  }

  decline({ signer }: Hand): void {
    const decline = { round: this.round, builder: signer.id, reason: 'busy' as const };
    const statement = declineStatement({ ...decline, declinedAt: '2026-01-02T03:20:00.000Z' });
    this.log.append('decline', statement, signer);
  }

  /** Invites more builders, by the coordinator's word. */
  amend(added: readonly Hand[]): void {
    const amend = { round: this.round, amendedAt: '2026-01-02T03:30:00.000Z' };
    this.log.append('round-amend', roundAmendStatement({ ...amend, added: rosterOf(added) }));
  }

  close(): number {
    const close = { round: this.round, closedAt: '2026-01-02T06:00:00.000Z' };
    const statement = roundCloseStatement({ ...close, reason: 'all-committed' });
    this.closeIndex = this.log.append('round-close', statement);
    return this.closeIndex;
  }

  /** Shows a result and says on which checkpoint; null where the builder says nothing of one. */
  reveal(hand: Hand, note: string | null = this.log.note()): void {
    this.log.appendEnvelope('result', this.promisedBy(hand), hand.signer.publicKey);
    if (note !== null) this.tell(hand, note);
  }

  /** Says on which checkpoint a result is shown, and shows nothing. */
  tell(hand: Hand, note: string): void {
    const { signer } = hand;
    const result = this.promisedBy(hand);
    const reveal = {
      ...{ round: this.round, builder: signer.id, commitment: commitmentOf(result) },
      commitIndex: this.commitIndexes.get(signer.id) ?? 0,
      ...{ closeIndex: this.closeIndex, checkpoint: note },
    };
    this.log.append('reveal', revealStatement(reveal), signer);
  }

  decide(): void {
    const statement = recomputeVerdict(this.replay(), {
      ...{ origin: ORIGIN, coordinatorKeyId: COORDINATOR.keyId, version: '0.1.0' },
      decidedAt: '2026-01-02T06:10:00.000Z',
    });
    this.log.append('verdict', statement);
  }

  /** Each builder signs the verdict's own payload. */
  countersign(hands: readonly Hand[] = this.hands): void {
    const verdict = this.log.entries.findLast(({ kind }) => kind === 'verdict');
    if (verdict === undefined) throw new Error('the round is not decided');
    const statement: unknown = JSON.parse(
      Buffer.from(unverifiedPayload(verdict.envelope)).toString(),
    );
    for (const { signer } of hands) {
      const envelope = signStatement(statement as object, signer);
      this.log.appendEnvelope('countersignature', envelope, signer.publicKey);
    }
  }

  /** Everything in order: commits, close, results and reveals, verdict, countersignatures. */
  play(): this {
    for (const hand of this.hands) this.commit(hand);
    this.close();
    const note = this.log.note();
    for (const hand of this.hands) this.reveal(hand, note);
    this.decide();
    this.countersign();
    return this;
  }

  entries(): readonly OpenedEntry[] {
    return openAll(this.log.entries);
  }

  answer(): ReplayAnswer {
    const { publicKey: coordinator } = this.log.coordinator;
    return replayRound(this.entries(), { round: this.round, coordinator });
  }

  replay(): Replay {
    const answer = this.answer();
    if (answer.open === null) throw new Error('the round was not opened');
    return answer;
  }

  source(over: Partial<BundleSource> = {}): BundleSource {
    return {
      ...{ round: this.round, note: this.log.note(), entries: this.log.entries, leaves: [] },
      proposal: { nnsFunction: 38, payload: toBase64(PAYLOAD), evidence: EVIDENCE },
      ...over,
    };
  }

  /** The round's bundle as text. */
  bundle(over: Partial<BundleSource> = {}): string {
    return bundleText(this.source(over), this.log);
  }

  private promisedBy({ signer }: Hand): Envelope {
    const result = this.results.get(signer.id);
    if (result === undefined) throw new Error(`${signer.id} has not committed`);
    return result;
  }
}

export function bundleText(source: BundleSource, log: MemoryLog): string {
  return [...bundleLines(source, log.reader())].map(writeBundleLine).join('');
}

export function openAll(entries: readonly LoggedEnvelope[]): readonly OpenedEntry[] {
  return entries.map(({ index, publicKey, envelope }) =>
    openEntry({ index, line: null, publicKey, envelope }),
  );
}

/** A round of five in which all goes well. */
export function goodRound(over: Otherwise = {}): HandRound {
  return new HandRound(new MemoryLog(), fiveHands(), over).play();
}
