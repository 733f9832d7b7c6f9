import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Signer } from '#libs/attestation';
import { Report, ROUTES, SUBJECTS, subjectFor } from '#libs/contracts';
import { publishAll } from '#libs/messaging';
import type { LogStand } from '../evidence/log-stand.js';
import { sealRound, type Sealed } from '../evidence/sealed-round.js';

const POLL_MS = 50;

/** Plays a round of all builders to its verdict, and gives its id. */
export async function decideRound(
  { url, nats }: LogStand,
  builders: readonly Signer[],
  commit = '01'.repeat(20),
): Promise<string> {
  const sealed = await sealRound(url, commit, builders);
  const send = (subject: string, kind: 'commit' | 'result'): Promise<void> =>
    publishAll(
      nats,
      sealed.map((one: Sealed) => ({
        subject: subjectFor(subject, one.signer.id),
        body: JSON.stringify({ envelope: one[kind] }),
        messageId: randomUUID(),
      })),
    );
  const round = await roundOn(url, commit);
  await send(SUBJECTS.commitSubmitted, 'commit');
  await inPhase(url, round, 'revealing');
  await send(SUBJECTS.resultSubmitted, 'result');
  await inPhase(url, round, 'final');
  return round;
}

async function roundOn(url: string, commit: string): Promise<string> {
  const answer = (await (await fetch(`${url}/${ROUTES.rounds}?commit=${commit}`)).json()) as {
    rounds: readonly { round: string }[];
  };
  return answer.rounds[0]?.round ?? '';
}

async function inPhase(url: string, round: string, phase: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/${ROUTES.rounds}/${round}/report`);
    if (Report.parse(await response.json()).round?.phase === phase) return;
    await sleep(POLL_MS);
  }
}
