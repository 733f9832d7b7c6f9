import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenRoundAnswer, Report, type RoundAttestations } from '#libs/contracts';
import { entry } from '../stack/entry.js';
import { startStack, type Stack } from '../stack/stack.js';
import { ASKING } from '../stack/token.js';
import { cannotRunHere } from '../world/builder-environment/prepare.js';
import { publish } from '../world/publisher.js';
import type { Scenario, Stage } from './scenario.js';

const PATIENCE_MS = 180_000;
const POLL_MS = 200;
/** Three of five, as in the thread that this project answers. */
const THRESHOLD = '3/5';

/** What a scenario left behind. */
export interface Played {
  readonly report: Report;
  /** Everything that was logged; null where no round was opened. */
  readonly attestations: RoundAttestations | null;
  /** The log's verifier key, under which every receipt verifies. */
  readonly vkey: string;
}

/** How a scenario is shown. */
export interface Show {
  /** Says what happens, for people. */
  readonly say: (text: string) => void;
  /** Whether the round is followed on this terminal by the command line's own `round watch`. */
  readonly isLive: boolean;
}

export const SILENT: Show = { say: () => undefined, isLive: false };

/** A scenario cannot be played on this machine, for the reason that the message tells. */
export class CannotRunHere extends Error {
  override readonly name = 'CannotRunHere';
}

/**
 * Plays a scenario on a fresh stack: publishes the release, proposes it, opens a round and lets
 * everybody build. `inspect` sees the stack before it is taken down.
 *
 * @throws CannotRunHere when a builder's environment needs rights that this user has not
 */
export async function runScenario(
  scenario: Scenario,
  show: Show = SILENT,
  inspect: (stack: Stack, played: Played) => Promise<void> = () => Promise.resolve(),
): Promise<Played> {
  const { say } = show;
  say(`scenario ${scenario.name}: ${scenario.story}`);
  say('starting PostgreSQL, NATS, the stand-ins for NNS, CDN and git host, and a coordinator');
  const stack = await startStack(scenario.builders, {
    DEFAULT_THRESHOLD: THRESHOLD,
    ...scenario.coordinator,
  });
  if (show.isLive) closeOnSignal(stack);
  try {
    for (const { environment } of stack.builders) {
      const reason = await cannotRunHere(environment);
      if (reason !== null) throw new CannotRunHere(reason);
    }
    const { world } = stack;
    const commit = await world.icMini.commit(scenario.defects);
    say(`publishing ${commit.slice(0, 12)} as its makers would: one build, two hosts`);
    const published = await publish({
      icMini: world.icMini,
      commit,
      cdnRoots: world.cdnRoots,
      mirrorUrl: mirrorOf(scenario, stack),
      tamper: scenario.tamper,
      workDir: world.workDir,
    });
    const proposal = world.nns.propose(scenario.proposal({ world, published }));
    scenario.sabotage?.({ world, published });
    const answer = await open(stack, proposal.toString());
    if (answer.kind !== 'opened') {
      const played = { report: answer.report, attestations: null, vkey: await vkeyOf(stack) };
      await inspect(stack, played);
      return played;
    }
    say(
      `proposal ${proposal}: round ${answer.round.slice(0, 12)}, ${stack.builders.length} builders`,
    );
    const stage = stageOf(stack, answer.round, show);
    await (scenario.play ?? everybodyBuilds)(stage);
    const attestations = await get<RoundAttestations>(
      stack,
      `/v1/rounds/${answer.round}/attestations`,
    );
    const played = { report: await stage.report(), attestations, vkey: await vkeyOf(stack) };
    await inspect(stack, played);
    return played;
  } finally {
    await stack.close();
  }
}

/** Interrupted, the demo takes everything down and leaves no folder behind. */
function closeOnSignal(stack: Stack): void {
  let closing: Promise<void> | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Never `once`: a listener that is gone lets the libraries below end the process at once.
    process.on(signal, () => {
      closing ??= stack.close().finally(() => process.exit(130));
    });
  }
}

async function everybodyBuilds({ stack, watch }: Stage): Promise<void> {
  await Promise.all(stack.builders.map((builder) => builder.start()));
  await watch();
}

async function vkeyOf({ coordinator }: Stack): Promise<string> {
  return (await fetch(`${coordinator.url}/v1/log/key`)).text();
}

function mirrorOf({ publisherMirror }: Scenario, { world }: Stack): string | undefined {
  if (publisherMirror === undefined) return undefined;
  world.mirror.set('publisher', publisherMirror);
  return world.mirror.url('publisher');
}

async function open(stack: Stack, proposal: string): Promise<OpenRoundAnswer> {
  const response = await fetch(`${stack.coordinator.url}/v1/rounds`, {
    method: 'POST',
    headers: ASKING,
    body: JSON.stringify({ proposal }),
  });
  if (!response.ok) throw new Error(`no round was opened: ${await response.text()}`);
  return OpenRoundAnswer.parse(await response.json());
}

async function get<T>(stack: Stack, path: string): Promise<T> {
  const response = await fetch(`${stack.coordinator.url}${path}`);
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** Gives the handles on a round that scenarios and tests play with. */
export function stageOf(stack: Stack, round: string, show: Show = SILENT): Stage {
  const report = async (): Promise<Report> =>
    Report.parse(await get<unknown>(stack, `/v1/rounds/${round}/report`));
  const until: Stage['until'] = async (what, holds) => {
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (;;) {
      // A coordinator that was killed answers again later.
      const now = await report().catch(() => null);
      if (now !== null && holds(now)) return now;
      if (performance.now() > deadlineMs) {
        throw new Error(`waited in vain for ${what}: ${JSON.stringify(now?.builders, null, 1)}`);
      }
      await sleep(POLL_MS);
    }
  };
  return {
    ...{ stack, round, report, until },
    closeRound: async () => {
      const url = `${stack.coordinator.url}/v1/rounds/${round}/close`;
      const response = await fetch(url, { method: 'POST', headers: ASKING, body: '{}' });
      if (!response.ok) throw new Error(`not closed: ${await response.text()}`);
    },
    watch: async () => {
      if (show.isLive) await follow(stack, round);
      await until('a verdict', ({ round: now }) => now?.phase === 'final');
    },
  };
}

/** Shows progress as the command line does; what counts is the report, not how this ends. */
async function follow(stack: Stack, round: string): Promise<void> {
  const args = [entry('cli'), 'round', 'watch', round, '--coordinator', stack.coordinator.url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'exit');
}
