import { expect, test } from 'vitest';
import { VerifyOutput } from '../../../services/cli/src/verify/verify-output.js';
import { verifyText } from '../../../services/cli/src/verify/verify-text.js';
import { audit, policyOf } from './audit.fixture.js';
import { fiveHands, goodRound, HandRound } from './bundle.fixture.js';
import { rememberingOpener } from './entry.js';
import { MemoryLog } from './log.fixture.js';
import type { Audit } from './verify-bundle.js';

/** Positions in each of the two bundles. */
const POSITIONS = 10_000;

/** Under a minute each on a machine of one's own. */
const timeout = 600_000;

/** What an audit says, as far as somebody could want to change it. */
function saying({ outcome, rules, artifacts }: Audit): string {
  const votes = artifacts.map(({ name, verdict, clusters }) => [
    ...[name, verdict],
    ...clusters.map(({ digest, operators }) => [digest, operators]),
  ]);
  return JSON.stringify([outcome, rules.map(({ rule, isKept }) => [rule, isKept]), votes]);
}

function votesFor({ artifacts }: Audit): number {
  const [guestos] = artifacts;
  return guestos?.clusters.find(({ matchesExpected }) => matchesExpected)?.operators.length ?? 0;
}

/** Flips one bit of each of `POSITIONS` bytes, spread over the whole bundle, one at a time. */
async function flipEach(bundle: string, judge: (after: Audit, at: number) => void): Promise<void> {
  const bytes = Buffer.from(bundle);
  const policy = policyOf();
  // One line changes at a time: what all others say is verified once.
  const open = rememberingOpener(100);
  const step = Math.max(1, bytes.length / POSITIONS);
  for (let position = 0; position < bytes.length; position += step) {
    const at = Math.floor(position);
    const byte = bytes[at] ?? 0;
    bytes[at] = byte ^ (1 << (at % 8));
    const after = await audit(bytes, policy, { open });
    const printed = verifyText(VerifyOutput.parse({ ...after, at: '2026-01-03T03:00:00Z' }));
    expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    judge(after, at);
    bytes[at] = byte;
  }
}

test(
  'a good bundle with a flipped bit is bad evidence, or says the very same',
  { timeout },
  async () => {
    const good = goodRound().bundle();
    const before = saying(await audit(good));
    await flipEach(good, (after, at) => {
      if (after.outcome !== 'bad-evidence') expect([at, saying(after)]).toEqual([at, before]);
    });
  },
);

test(
  'a bundle that is one vote short never comes to it by a flipped bit',
  { timeout },
  async () => {
    const hands = fiveHands(['good', 'good', 'failed', 'failed', 'failed']);
    const short = new HandRound(new MemoryLog(), hands).play().bundle();
    const before = await audit(short);
    expect(before.outcome).toBe('undecided');
    await flipEach(short, (after, at) => {
      expect([at, after.outcome]).not.toEqual([at, 'satisfied']);
      if (after.outcome !== 'bad-evidence')
        expect(votesFor(after)).toBeLessThanOrEqual(votesFor(before));
    });
  },
);
