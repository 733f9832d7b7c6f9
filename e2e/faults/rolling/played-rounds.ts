import { setTimeout as sleep } from 'node:timers/promises';
import type { Envelope } from '#libs/attestation';
import type { Report } from '#libs/contracts';
import { CoordinatorClient, eventually, type HandBuilder } from '#libs/testing';

const RESEND_MS = 4_000;

/** What each builder got in a round: all the same, one that differs, or each something else. */
export function variantsOf(round: number): readonly [string, string, string] {
  return (
    [
      ['good', 'good', 'good'],
      ['good', 'other', 'good'],
      ['one', 'two', 'three'],
      ['other', 'other', 'other'],
    ] as const
  )[round % 4]!;
}

/** A commit of its own for each round of each run. */
export function commitOf(run: number, round: number): string {
  return `${run}f${round.toString(16)}`.padStart(40, '0');
}

/** Plays one round to its verdict as agents do: what has no receipt is sent again. */
export async function playRound(
  builders: readonly HandBuilder[],
  round: string,
  variants: readonly string[],
): Promise<void> {
  const sealed = await Promise.all(
    builders.map(async (builder, at) => {
      const { commit, result } = builder.seal(await builder.invitation(round), variants[at]);
      await untilReceipt(builder, commit, () => builder.commit(commit));
      return { builder, result };
    }),
  );
  await Promise.all(
    sealed.map(async ({ builder, result }) => {
      await builder.close(round);
      await untilReceipt(builder, result, () => builder.reveal(result));
      await builder.verdict(round);
    }),
  );
}

async function untilReceipt(
  builder: HandBuilder,
  envelope: Envelope,
  send: () => Promise<void>,
): Promise<void> {
  const receipt = builder.receipt(envelope).then(() => true);
  // Waited for below; should the whole wait be in vain, the test fails by it.
  receipt.catch(() => undefined);
  for (;;) {
    await send().catch(() => undefined);
    if (await Promise.race([receipt, sleep(RESEND_MS, false, { ref: false })])) return;
  }
}

/** What a report says of its artifacts; the same for the same builds, whenever they were made. */
export async function verdictsOf(url: string, round: string): Promise<Report['artifacts']> {
  const api = new CoordinatorClient(url);
  return eventually('a report', async () => (await api.reportIn('final', round)).artifacts);
}
