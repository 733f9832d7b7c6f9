import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { DataSource } from 'typeorm';
import { commitmentOf, envelopeDigest, signatureOf, type Envelope } from '#libs/attestation';
import {
  builderDurable,
  DISPATCH_STREAM,
  ReceiptsIssued,
  SUBJECTS,
  subjectFor,
  type Receipt,
} from '#libs/contracts';
import { LogEntryEntity } from '#libs/persistence';
import {
  appendLeaves,
  EMPTY_FRONTIER,
  logEntry,
  rootOfFrontier,
  verifyProofFile,
  type NoteVerifier,
} from '#libs/tlog';

/** An envelope that was sent, and who sent it. */
export interface SentEnvelope {
  readonly envelope: Envelope;
  readonly builder: string;
  readonly publicKey: Uint8Array;
}

/**
 * Takes every builder's receipts and holds each against the envelope that it is for and against the
 * whole log as it is stored: its leaf, and the root of its checkpoint. Gives how many there were.
 */
export async function checkReceipts(
  sent: readonly SentEnvelope[],
  log: { nats: NatsConnection; dataSource: DataSource; verifier: NoteVerifier; origin: string },
): Promise<number> {
  const roots = await rootsOf(log.dataSource);
  const wanted = new Map<string, SentEnvelope>(sent.map((it) => [envelopeDigest(it.envelope), it]));
  const seen = new Set<string>();
  for (const builder of new Set(sent.map(({ builder }) => builder))) {
    const mine = sent.filter((it) => it.builder === builder).length;
    for (const { envelopeSha256, proof } of await receiptsOf(log.nats, builder, mine)) {
      const it = wanted.get(envelopeSha256);
      if (it === undefined) throw new Error(`a receipt for ${envelopeSha256}, which nobody sent`);
      const paeSha256 = commitmentOf(it.envelope);
      const { publicKey } = it;
      const entry = logEntry({ paeSha256, signature: signatureOf(it.envelope), publicKey });
      const { origin, verifier } = log;
      const proven = verifyProofFile({ text: proof, verifiers: [verifier], origin, entry });
      const root = roots.get(Number(proven.size));
      if (root === undefined || !root.equals(proven.checkpoint.root)) {
        throw new Error(`the checkpoint of ${proven.size.toString()} leaves is not of this log`);
      }
      seen.add(envelopeSha256);
    }
  }
  if (seen.size === wanted.size) return seen.size;
  throw new Error(`${wanted.size} envelopes were sent, ${seen.size} have receipts`);
}

async function receiptsOf(
  nats: NatsConnection,
  builder: string,
  count: number,
): Promise<readonly Receipt[]> {
  const consumer = await jetstream(nats).consumers.get(
    DISPATCH_STREAM.name,
    builderDurable(builder),
  );
  const receipts: Receipt[] = [];
  const messages = await consumer.consume({ max_messages: 100 });
  for await (const message of messages) {
    if (message.subject === subjectFor(SUBJECTS.receiptsIssued, builder)) {
      receipts.push(...ReceiptsIssued.parse(message.json()).receipts);
    }
    message.ack();
    if (receipts.length >= count) messages.stop();
  }
  return receipts;
}

/** Recomputes the root of every size from the stored leaves alone. */
async function rootsOf(dataSource: DataSource): Promise<ReadonlyMap<number, Buffer>> {
  const rows = await dataSource.manager.find(LogEntryEntity, {
    select: { index: true, leafHash: true },
    order: { index: 'ASC' },
  });
  const roots = new Map<number, Buffer>();
  let frontier = EMPTY_FRONTIER;
  for (const { index, leafHash } of rows) {
    ({ frontier } = appendLeaves(frontier, [leafHash]));
    roots.set(index + 1, Buffer.from(rootOfFrontier(frontier)));
  }
  return roots;
}
