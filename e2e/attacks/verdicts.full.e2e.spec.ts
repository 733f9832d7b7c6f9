import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  parseStatement,
  readVerdictRefusal,
  unverifiedPayload,
  type VerdictRefusal,
} from '#libs/attestation';
import { Report, RoundAttestations, type LoggedAttestation } from '#libs/contracts';
import type { CommitId } from '#libs/encoding';
import { five } from '../scenarios/parts.js';
import { cli } from '../stack/cli.js';
import { startStack, type Stack } from '../stack/stack.js';
import { publish } from '../world/publisher.js';
import { logFalseVerdict } from './log-false-verdict.js';

const PATIENCE = { timeout: 150_000, interval: 200 };

let stack: Stack;
let commit: CommitId;
beforeEach(async () => {
  stack = await startStack(() => five(), { DEFAULT_THRESHOLD: '3/5', REVEAL_SECONDS: '30' });
  const { icMini, cdnRoots, workDir } = stack.world;
  commit = await icMini.commit({});
  await publish({ icMini, commit, cdnRoots, workDir });
});
afterEach(() => stack.close());

async function entriesOf(round: string): Promise<readonly LoggedAttestation[]> {
  const url = `${stack.coordinator.url}/v1/rounds/${round}/attestations`;
  return RoundAttestations.parse(await (await fetch(url)).json()).attestations;
}

/** Waits until so many entries of a kind are logged, and gives them. */
async function logged(
  round: string,
  kind: string,
  count: number,
): Promise<readonly LoggedAttestation[]> {
  return vi.waitFor(async () => {
    const found = (await entriesOf(round)).filter((entry) => entry.kind === kind);
    expect(found).toHaveLength(count);
    return found;
  }, PATIENCE);
}

/** Opens a round in which all five commit, and the first `count` are killed once they have. */
async function roundOfFive(count: number): Promise<string> {
  const round = (await cli(stack, 'round', 'open', '--commit', commit)).stdout.trim();
  const doomed = await Promise.all(stack.builders.slice(0, count).map((each) => each.start()));
  await logged(round, 'commit', count);
  await Promise.all(doomed.map((agent) => agent.kill()));
  await Promise.all(stack.builders.slice(count).map((each) => each.start()));
  await logged(round, 'commit', 5);
  return round;
}

test('five builders commit and two are killed: the verdict comes in time, weakly witnessed', async () => {
  const round = await roundOfFive(2);
  await logged(round, 'verdict', 1);
  const { stdout } = await cli(stack, 'report', round, '--json');
  const report = Report.parse(JSON.parse(stdout));
  for (const artifact of report.artifacts) {
    expect(artifact).toMatchObject({ verdict: 'reproduced', needed: 3 });
    expect(artifact.flags).toEqual(expect.arrayContaining(['unrevealed', 'weakly-witnessed']));
    expect(artifact.unrevealed).toHaveLength(2);
  }
  await logged(round, 'countersignature', 3);
});

test('a verdict that the coordinator falsified gets no countersignature: each builder refuses it, in the log', async () => {
  const round = await roundOfFive(1);
  // The one that is missing keeps the verdict waiting.
  await logged(round, 'result', 4);
  const { port } = new URL(stack.coordinator.url);
  await stack.coordinator.kill();
  await logFalseVerdict(stack, round);
  await stack.startCoordinator('liar', { PORT: port });
  const refusals = await logged(round, 'refusal', 4);
  for (const { envelope, builder } of refusals) {
    const refusal = readVerdictRefusal(parseStatement(unverifiedPayload(envelope)));
    expect(refusal).toMatchObject<Partial<VerdictRefusal>>({
      builder: builder!,
      reason: 'recomputed-otherwise',
    });
  }
  expect((await entriesOf(round)).map(({ kind }) => kind)).not.toContain('countersignature');
  const joint = await fetch(`${stack.coordinator.url}/v1/rounds/${round}/joint`);
  expect(joint.status).toBe(404);
});
