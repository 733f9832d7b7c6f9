import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { randomUUID } from 'node:crypto';
import { ATTEST_STREAM, COORDINATOR_DURABLE, SUBJECTS, subjectFor } from '#libs/contracts';
import { publishAll } from '#libs/messaging';
import { ed25519Verifier } from '#libs/tlog';
import type { Figure, Setting } from '../benchmark.js';
import { median } from '../race.js';
import { openLogStand, ORIGIN, type LogStand } from './log-stand.js';
import { checkReceipts, type SentEnvelope } from './receipts.js';
import { sealRound, signatureIn, type Sealed } from './sealed-round.js';
import { bareSeconds, makeFastSigner } from './signatures.js';

const GOAL = 0.45;
const POLL_MS = 20;
/** Changes are counted as ever; a fast machine opens more rounds in a minute than anybody may. */
const ENVIRONMENT = { CHANGES_PER_MINUTE: '1000000000' };
const FULL = { builders: 20, rounds: 300, laps: 3 };
const QUICK = { builders: 5, rounds: 2, laps: 1 };

/** One kind of envelope of a lap. */
interface Load {
  readonly subject: string;
  readonly sent: readonly SentEnvelope[];
}

/** The whole way of builders' envelopes into the log, beside their bare signatures. */
export async function measureIngest(dir: string, setting: Setting): Promise<readonly Figure[]> {
  const scale = setting.isQuick ? QUICK : FULL;
  const builders = Array.from({ length: scale.builders }, makeFastSigner);
  await mkdir(dir, { recursive: true });
  const stand = await openLogStand(dir, builders, ENVIRONMENT);
  try {
    const rates: Record<'bare' | 'commits' | 'results', number[]> = {
      ...{ bare: [], commits: [], results: [] },
    };
    const all: SentEnvelope[] = [];
    // The first lap warms up.
    for (let lap = 0; lap <= scale.laps; lap += 1) {
      const sealed = await openRounds(stand, builders, lap, scale.rounds);
      for (const [kind, load] of Object.entries(loadsOf(sealed))) {
        const signatures = sealed.map(({ signer, commit, result }) =>
          signatureIn(kind === 'commits' ? commit : result, signer),
        );
        const before = await bareSeconds(signatures);
        const perSecond = await takeIn(stand, load);
        const bare = signatures.length / median([before, await bareSeconds(signatures)]);
        all.push(...load.sent);
        if (lap === 0) continue;
        setting.tell(`lap ${lap}, ${kind}: ${perSecond.toFixed(0)}/s of ${bare.toFixed(0)}/s`);
        rates.bare.push(bare);
        rates[kind === 'commits' ? 'commits' : 'results'].push(perSecond / bare);
      }
    }
    const verifier = ed25519Verifier(ORIGIN, stand.signer.publicKey);
    const count = await checkReceipts(all, { ...stand, verifier, origin: ORIGIN });
    setting.tell(`all ${count} receipts hold against the log`);
    return figuresOf(rates);
  } finally {
    await stand.close();
  }
}

function figuresOf(rates: Record<'bare' | 'commits' | 'results', number[]>): readonly Figure[] {
  const bare = median(rates.bare);
  const figure = (kind: 'commits' | 'results'): Figure => {
    const ratio = Number(median(rates[kind]).toPrecision(3));
    return {
      what: `${kind} taken in`,
      rate: `${Math.round(bare * ratio).toLocaleString('en')} envelopes/s`,
      ratio,
      sentence:
        `ingest: ${kind} come in at ${ratio.toFixed(2)} of bare asynchronous Ed25519 ` +
        `(at least ${GOAL})`,
    };
  };
  return [
    {
      what: 'Ed25519, asynchronous, cached keys',
      rate: `${Math.round(bare).toLocaleString('en')} signatures/s`,
      ratio: 1,
    },
    figure('commits'),
    figure('results'),
  ];
}

function loadsOf(sealed: readonly Sealed[]): Readonly<Record<'commits' | 'results', Load>> {
  const sentOf = (kind: 'commit' | 'result') =>
    sealed.map(({ signer, ...both }) => ({
      ...{ envelope: both[kind], builder: signer.id, publicKey: signer.publicKey },
    }));
  return {
    commits: { subject: SUBJECTS.commitSubmitted, sent: sentOf('commit') },
    results: { subject: SUBJECTS.resultSubmitted, sent: sentOf('result') },
  };
}

async function openRounds(
  { url }: LogStand,
  builders: Parameters<typeof sealRound>[2],
  lap: number,
  count: number,
): Promise<readonly Sealed[]> {
  const sealed: Sealed[] = [];
  for (let at = 0; at < count; at += 1) {
    const commit = (lap * count + at + 1).toString(16).padStart(40, '0');
    sealed.push(...(await sealRound(url, commit, builders)));
  }
  return sealed;
}

/**
 * Fills the stream while the coordinator stands still, and measures what it acknowledges a second: from
 * the moment at which it may go on until all is.
 */
async function takeIn(stand: LogStand, { subject, sent }: Load): Promise<number> {
  const manager = await jetstreamManager(stand.nats);
  const acknowledged = async (): Promise<number> => {
    const info = await manager.consumers.info(ATTEST_STREAM.name, COORDINATOR_DURABLE);
    return info.ack_floor.stream_seq;
  };
  const floor = await acknowledged();
  const messages = sent.map(({ envelope, builder }) => ({
    subject: subjectFor(subject, builder),
    body: JSON.stringify({ envelope }),
    messageId: randomUUID(),
  }));
  await stand.whilePaused(() => publishAll(stand.nats, messages));
  const startMs = performance.now();
  while ((await acknowledged()) - floor < sent.length) await sleep(POLL_MS);
  return (sent.length * 1000) / (performance.now() - startMs);
}
