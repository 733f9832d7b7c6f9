import { toBase64 } from '#libs/encoding';
import { isDamning, readAuditor, verifyBundle } from '#libs/evidence';
import { verifyOnThreads } from '#libs/verifier';
import {
  AUDITED_AT,
  policyOf,
  verifyCertificate,
} from '../../../libs/evidence/src/audit.fixture.js';
import { HandRound, type Hand } from '../../../libs/evidence/src/bundle.fixture.js';
import { MemoryLog, quickSigner } from '../../../libs/evidence/src/log.fixture.js';
import type { Figure, Setting } from '../benchmark.js';
import { median } from '../race.js';
import { signatureIn } from './sealed-round.js';
import { bareSeconds } from './signatures.js';

const GOAL = 0.7;
/** Commits, results and reveals of all rounds together are 10,800. */
const FULL = { operators: 100, buildersEach: 4, otherRounds: 8, laps: 5 };
const QUICK = { operators: 5, buildersEach: 1, otherRounds: 1, laps: 1 };

/** An auditor's whole verification of one round in a busy log, beside its bare signatures. */
export async function measureBundle(setting: Setting): Promise<readonly Figure[]> {
  const scale = setting.isQuick ? QUICK : FULL;
  const { log, hands, bundle } = playRounds(scale);
  const signers = new Map(hands.map(({ signer }) => [toBase64(signer.publicKey), signer]));
  const signatures = log.entries.flatMap(({ envelope, publicKey }) => {
    const signer = signers.get(toBase64(publicKey));
    return signer === undefined ? [] : [signatureIn(envelope, signer)];
  });
  const count = signatures.length.toLocaleString('en');
  const mib = (bundle.length / 1024 ** 2).toFixed(1);
  setting.tell(`a bundle of ${count} attestations by builders, ${mib} MiB`);
  const policy = { ...policyOf(hands), threshold: '2/3' };
  const auditor = readAuditor(policy);
  // As a program does when it starts.
  verifyOnThreads();
  const bare: number[] = [];
  const ours: number[] = [];
  // The first lap warms up.
  for (let lap = -1; lap < scale.laps; lap += 1) {
    const bareTook = await bareSeconds(signatures);
    const startMs = performance.now();
    const audit = await verifyBundle(bundle, auditor, { at: AUDITED_AT, verifyCertificate });
    const tookSeconds = (performance.now() - startMs) / 1000;
    const finding = audit.findings.find((found) => isDamning(found));
    if (finding !== undefined) throw new Error(`the bundle is not good: ${finding.message}`);
    if (lap < 0) continue;
    bare.push(bareTook);
    ours.push(tookSeconds);
  }
  const ratio = Number((median(bare) / median(ours)).toPrecision(3));
  const perSecond = Math.round(signatures.length / median(ours)).toLocaleString('en');
  return [
    {
      what: `bundle of ${count} attestations`,
      rate: `${perSecond} attestations/s`,
      ratio,
      sentence:
        `bundle: ${count} attestations are verified at ${ratio.toFixed(2)} of bare asynchronous ` +
        `Ed25519 (at least ${GOAL})`,
    },
  ];
}

/** A round, and others that went on between its opening and its verdict: all are in its bundle. */
function playRounds({ operators, buildersEach, otherRounds }: typeof FULL): {
  log: MemoryLog;
  hands: readonly Hand[];
  bundle: Uint8Array;
} {
  const hands = Array.from({ length: operators * buildersEach }, (_, at) => ({
    ...{ operator: `operator-${at % operators}`, signer: quickSigner(at), variant: 'good' },
    facts: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`fact.${n}`, `value ${n}`])),
  }));
  const log = new MemoryLog();
  const threshold = '2/3';
  const round = new HandRound(log, hands, { threshold });
  for (let at = 0; at < otherRounds; at += 1) {
    const nonce = toBase64(new Uint8Array(32).fill(100 + at));
    playOut(new HandRound(log, hands, { threshold, nonce }));
  }
  playOut(round);
  return { log, hands, bundle: new TextEncoder().encode(round.bundle()) };
}

function playOut(round: HandRound): void {
  for (const hand of round.hands) round.commit(hand);
  round.close();
  const note = round.log.note();
  for (const hand of round.hands) round.reveal(hand, note);
  round.decide();
}
