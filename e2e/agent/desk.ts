import type { NatsConnection } from '@nats-io/transport-node';
import { vi } from 'vitest';
import {
  commitmentOf,
  envelopeDigest,
  openEnvelope,
  parseStatement,
  readCommit,
  readResult,
  type Envelope,
  type Result,
  type Signer,
} from '#libs/attestation';
import {
  CloseEvidenceAsked,
  CommitSubmitted,
  Progress,
  ResultSubmitted,
  subjectFor,
  SUBJECTS,
} from '#libs/contracts';
import { sha256 } from '#libs/encoding';
import { ensureBuilderConsumer, ensureStreams, publishDurably } from '#libs/messaging';
import type { PlayedCoordinator } from '../../services/builder-agent/src/round.fixture.js';

const PATIENCE = { timeout: 60_000, interval: 20 };

/** The coordinator's side of the conversation with one builder. */
export interface Desk {
  /** Opens a round on a commit and dispatches it; gives the round's id. */
  dispatch(commit: string): Promise<string>;
  /** Sends anything on the builder's own subject, as whoever can publish there could. */
  whisper(subject: string, body: object): Promise<void>;
  /** Rounds that the builder has committed to so far. */
  committed(): readonly string[];
  /** Waits until the builder says that it has come to a stage. */
  reaches(stage: Progress['stage']): Promise<void>;
  /** Gives the receipt of anything that the builder signed. */
  receiptOf(envelope: Envelope): Promise<void>;
  /** Waits for the commit, gives its receipt, closes the round, and reads what is shown. */
  resultOf(round: string): Promise<Result>;
}

/** Opens the desk: streams, the builder's consumer, and an ear for all that it submits. */
export async function openDesk(
  nats: NatsConnection,
  coordinator: PlayedCoordinator,
  builder: Signer,
): Promise<Desk> {
  await ensureStreams(nats);
  await ensureBuilderConsumer(nats, builder.id);
  const commits = new Map<string, Envelope>();
  const results: Envelope[] = [];
  nats.subscribe(subjectFor(SUBJECTS.commitSubmitted, builder.id), {
    callback: (_, message) => {
      const { envelope } = CommitSubmitted.parse(message.json());
      const payload = openEnvelope(envelope, builder.publicKey);
      commits.set(readCommit(parseStatement(payload)).round, envelope);
    },
  });
  nats.subscribe(subjectFor(SUBJECTS.resultSubmitted, builder.id), {
    callback: (_, message) => {
      results.push(ResultSubmitted.parse(message.json()).envelope);
    },
  });
  const closes = new Map<string, Envelope>();
  nats.subscribe(subjectFor(SUBJECTS.closeEvidence, builder.id), {
    callback: (_, message) => {
      const { round, oldSize } = CloseEvidenceAsked.parse(message.json());
      const [commit, close] = [commits.get(round), closes.get(round)];
      const isClosed = commit !== undefined && close !== undefined;
      const evidence = isClosed ? coordinator.evidence(oldSize, commit, close) : null;
      message.respond(JSON.stringify(evidence));
    },
  });
  const stages = new Set<string>();
  nats.subscribe(subjectFor(SUBJECTS.progress, builder.id), {
    callback: (_, message) => {
      stages.add(Progress.parse(message.json<{ data: unknown }>().data).stage);
    },
  });
  await nats.flush();

  const tell = async (subject: string, body: object): Promise<void> => {
    const text = JSON.stringify(body);
    const to = subjectFor(subject, builder.id);
    await publishDurably(nats, to, text, sha256(`${to}\n${text}`));
  };
  const tellReceipt = (envelope: Envelope): Promise<void> =>
    tell(SUBJECTS.receiptsIssued, {
      receipts: [
        {
          envelopeSha256: envelopeDigest(envelope),
          proof: coordinator.log(envelope, builder.publicKey),
        },
      ],
    });
  let rounds = 0;
  return {
    dispatch: async (commit) => {
      rounds += 1;
      const { round, envelope } = coordinator.open([builder], {
        openedAt: new Date(Date.UTC(2026, 8, 10) + rounds * 1000).toISOString(),
        // Nobody looks at the clock but for whether another try would come in time.
        closesAt: '2099-01-01T00:00:00.000Z',
        release: {
          name: `ic/${commit}`,
          source: { uri: null, digest: { gitCommit: commit } },
          artifacts: [],
        },
      });
      await tell(SUBJECTS.buildRequested, { roundOpen: envelope });
      return round;
    },
    whisper: tell,
    reaches: async (stage) => {
      await vi.waitUntil(() => stages.has(stage), PATIENCE);
    },
    receiptOf: tellReceipt,
    committed: () => [...commits.keys()],
    resultOf: async (round) => {
      const commit = await vi.waitUntil(() => commits.get(round), PATIENCE);
      await tellReceipt(commit);
      const roundClose = coordinator.close(round);
      closes.set(round, roundClose);
      await tell(SUBJECTS.roundClosed, { round, roundClose });
      const { commitment } = readCommit(parseStatement(openEnvelope(commit, builder.publicKey)));
      const result = await vi.waitUntil(
        () => results.find((envelope) => commitmentOf(envelope) === commitment),
        PATIENCE,
      );
      await tellReceipt(result);
      return readResult(parseStatement(openEnvelope(result, builder.publicKey)));
    },
  };
}
