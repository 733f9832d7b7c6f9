import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Delivery } from '#libs/messaging';
import { eventually, useNats } from '#libs/testing';
import { scratchDirectory, useConnection } from '../agent.fixture.js';
import { playCoordinator } from '../round.fixture.js';
import { policyOf } from '../submit/close-evidence.fixture.js';
import {
  isDropped,
  isWaiting,
  onPaper,
  unheard,
  unreceipted,
  type Model,
} from './agent-model.fixture.js';
import { AgentLife, Machine } from './agent-life.fixture.js';
import { ANSWERS, type Answer } from './close-answers.fixture.js';
import type { JobsController } from './jobs.controller.js';
import { PlayedRounds, type Kind } from './played-rounds.fixture.js';

const PATIENCE_MS = 10_000;
const COUNT = 2;

const natsUrl = useNats();
const impostor = playCoordinator(201);

const nats = useConnection(natsUrl, { hasStreams: true });

/** An agent with its coordinator. */
interface Real {
  readonly agent: AgentLife;
  readonly told: PlayedRounds;
  /** What waited for a receipt before what happens now, or does so after it. */
  open: readonly string[];
  /** What the agent may have sent since all of it was due, once each. */
  maySend: Set<string>;
}

type Command = fc.AsyncCommand<Model, Real>;

/** What an agent would find on its disk. */
async function onDisk({ agent, told }: Real): Promise<readonly unknown[]> {
  return Promise.all(
    Array.from({ length: COUNT }, async (_, at) => {
      const { round } = told.round(at);
      const job = await agent.now.jobs.find(round);
      if (job === null) return null;
      return {
        isInvited: true,
        isBuilt: job.sealed !== null,
        isClosed: job.roundClose !== null,
        hasCommitReceipt: job.commitReceipt !== null,
        isDoubted: job.isContradicted,
        isShown: job.shown !== null,
        hasResultReceipt: job.resultReceipt !== null,
        isDecided: job.verdict !== null,
        log: await agent.logRefusal(round),
      };
    }),
  );
}

/** Waits until the agent is where the model is, unless the power fails on the way. */
async function meet(model: Model, real: Real, asked: readonly number[]): Promise<void> {
  const { agent, told } = real;
  const should = {
    jobs: model.rounds.map(onPaper),
    sent: [...unreceipted(model)],
    asked,
    wrongs: [],
  };
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    const is = {
      jobs: await onDisk(real),
      sent: unreceipted(model).filter((name) => told.sent.includes(name)),
      asked: asked.filter((at) => told.asked.has(at)),
      wrongs: told.wrongs,
    };
    if (!agent.hasPower) return;
    checkSent(real);
    if (isDeepStrictEqual(is, should)) return;
    if (told.wrongs.length > 0 || Date.now() > endMs) expect(is).toEqual(should);
    await setTimeout(5);
  }
}

/** Nothing that has its receipt, and nothing twice. */
function checkSent({ told: { sent }, maySend }: Real): void {
  expect(sent.filter((name, at) => !maySend.has(name) || sent.indexOf(name) !== at)).toEqual([]);
}

/** What happens, and what becomes of it by the rules. */
interface Deed {
  /** It happens again where the power failed, but for a message that was acknowledged before: `true`. */
  readonly act: (real: Real) => unknown;
  /** What is noted on paper; gives the rounds of which the log's word has to be asked. */
  readonly note?: (model: Model) => readonly number[] | undefined;
}

async function happen({ act, note }: Deed, model: Model, real: Real): Promise<void> {
  const { agent, told } = real;
  const before = unreceipted(model);
  const asked = note?.(model) ?? [];
  real.open = [...before, ...unreceipted(model)];
  for (const name of real.open) real.maySend.add(name);
  told.asked.clear();
  for (let isTaken = false; ;) {
    try {
      if (!isTaken) isTaken = (await act(real)) === true;
    } catch (error) {
      if (agent.hasPower) throw error;
    }
    await meet(model, real, asked);
    told.answer = 'silence';
    if (agent.hasPower) return;
    await agent.restart();
  }
}

/** Hands the agent a message, and expects what it says to NATS; false where it could not say it. */
async function hand(
  { agent }: Real,
  kind: Delivery['kind'],
  give: (to: JobsController) => Promise<Delivery>,
): Promise<boolean> {
  const delivery = await give(agent.now.controller);
  if (agent.hasPower) expect(delivery).toMatchObject({ kind });
  return agent.hasPower;
}

const invite = (at: number): Deed => ({
  act: (real) =>
    hand(real, 'done', (to) =>
      // More follow: what is dispatched is not built at once.
      to.buildRequested({ roundOpen: real.told.round(at).envelope }, { info: { pending: 1 } }),
    ),
  note: ({ rounds }) => {
    rounds[at]!.isInvited = true;
  },
});

/** A build takes as long as it takes: it ends here, with another result each time. */
const build: Deed = {
  act: ({ agent }) => {
    agent.passHour(true);
  },
  note: ({ rounds }) => {
    for (const round of rounds) {
      if (round.isInvited && !round.isClosed) round.isBuilt = true;
    }
  },
};

const passHour: Deed = {
  act: ({ agent }) => {
    agent.passHour();
  },
};

const takeIn = (kind: Kind, at: number): Deed => ({
  act: ({ told }) => {
    told.receive(kind, at);
  },
});

const giveReceipt = (kind: Kind, at: number): Deed => ({
  act: async (real) => {
    const receipt = real.told.receive(kind, at);
    if (receipt === null) return false;
    return hand(real, 'done', (to) => to.receiptsIssued({ receipts: [receipt] }));
  },
  note: ({ rounds, isBlind }) => {
    const round = rounds[at]!;
    if (kind === 'commit') round.hasCommitReceipt ||= round.isBuilt;
    else round.hasResultReceipt ||= round.hasCommitReceipt && (round.isShown || !isBlind);
  },
});

/** A receipt whose proof is of the other round's envelope. */
const giveForeignReceipt = (kind: Kind, at: number): Deed => ({
  act: async (real) => {
    const [own, other] = [real.told.receive(kind, at), real.told.receive(kind, (at + 1) % COUNT)];
    if (own === null || other === null) return;
    const receipts = [{ ...own, proof: other.proof }];
    await hand(real, 'drop', (to) => to.receiptsIssued({ receipts }));
  },
});

const close = (at: number): Deed => ({
  act: (real) => {
    const { round } = real.told.round(at);
    return hand(real, 'done', (to) => to.roundClosed({ round, roundClose: real.told.close(at) }));
  },
  note: ({ rounds }) => {
    rounds[at]!.isClosed = true;
  },
});

const decide = (at: number): Deed => ({
  act: (real) => {
    const { round } = real.told.round(at);
    return hand(real, 'done', (to) =>
      to.verdictLogged({ round, verdict: real.told.round(at).verdict }),
    );
  },
  note: ({ rounds }) => {
    const round = rounds[at]!;
    round.isDecided ||= round.isInvited;
  },
});

const forge = (at: number): Deed => ({
  act: async (real) => {
    const { round } = real.told.round(at);
    const [roundClose, verdict] = [impostor.close(round), impostor.decide(round)];
    await hand(real, 'drop', (to) => to.roundClosed({ round, roundClose }));
    await hand(real, 'drop', (to) => to.verdictLogged({ round, verdict }));
  },
});

/** Whoever waits for the log's word asks, and is answered so. */
const answer = (kind: Answer): Deed => ({
  act: ({ agent, told }) => {
    told.answer = kind;
    agent.passHour();
  },
  note: (model) => {
    const isEnough = kind === 'good' || (kind === 'few' && !model.isWitnessed);
    const waiting = model.rounds.flatMap((round, at) => (isWaiting(model, round) ? [at] : []));
    for (const at of waiting) {
      const round = model.rounds[at]!;
      if (isEnough) round.isShown = true;
      if (kind === 'fork' || kind === 'without-close') round.isDoubted = true;
    }
    return kind === 'silence' ? [] : waiting;
  },
});

/** As a witness the agent sees how the log grows. */
const witness: Deed = {
  act: ({ agent, told }) =>
    agent.now.state.update(() => ({ keep: told.note(), answer: undefined })),
};

const restart: Deed = { act: ({ agent }) => agent.restart() };

const failAfter = (writes: number | null): Deed => ({
  act: ({ agent }) => {
    agent.failAfter(writes);
  },
});

/** What comes next of a round where all goes well; null where it is told to the end. */
function nextOf({ isBlind, rounds }: Model, at: number): Deed | null {
  const round = rounds[at]!;
  if (!round.isInvited) return invite(at);
  if (isDropped(round) || round.hasResultReceipt) return null;
  if (!round.isBuilt) return build;
  if (!round.hasCommitReceipt) return giveReceipt('commit', at);
  if (isBlind && !round.isClosed) return close(at);
  return isBlind && !round.isShown ? answer('good') : giveReceipt('result', at);
}

const command = (name: string, choose: (model: Model) => Deed | null): Command => ({
  check: (model) => choose(model) !== null,
  run: async (model, real) => {
    const deed = choose(model);
    if (deed !== null) await happen(deed, model, real);
  },
  toString: () => name,
});

const atArb = fc.nat({ max: COUNT - 1 });
const kindArb = fc.constantFrom('commit' as const, 'result' as const);
const always = (name: string, deed: Deed): Command => command(name, () => deed);
const ofRound = (name: string, deed: (at: number) => Deed): fc.Arbitrary<Command> =>
  atArb.map((at) => always(`${name} ${at}`, deed(at)));
const ofEnvelope = (name: string, deed: (kind: Kind, at: number) => Deed): fc.Arbitrary<Command> =>
  fc.tuple(kindArb, atArb).map(([kind, at]) => always(`${name} ${kind} ${at}`, deed(kind, at)));
const onwardArb = atArb.map((at) => command(`onward ${at}`, (model) => nextOf(model, at)));
const answerArb = fc
  .constantFrom(...ANSWERS)
  .map((kind) =>
    command(`answer ${kind}`, (model) =>
      model.rounds.some((round) => isWaiting(model, round)) ? answer(kind) : null,
    ),
  );
const powerArb = fc
  .nat({ max: 2 })
  .map((writes) => always(`power fails after ${writes} writes`, failAfter(writes)));

const commandArbs: fc.Arbitrary<Command>[] = [
  ...Array.from({ length: 6 }, () => onwardArb),
  ...Array.from({ length: 3 }, () => powerArb),
  ofRound('invite', invite),
  ofRound('close', close),
  ofRound('decide', decide),
  ofRound('forge', forge),
  ofEnvelope('log, and lose the receipt of', takeIn),
  ofEnvelope('receipt of', giveReceipt),
  ofEnvelope('foreign receipt of', giveForeignReceipt),
  ...Array.from({ length: 8 }, () => answerArb),
  fc.constantFrom(
    always('build', build),
    always('an hour passes', passHour),
    always('witness', witness),
  ),
  fc.constant(always('restart', restart)),
];

/** In the end all is delivered, and each round is told to the end or was over before it was built. */
async function drain(model: Model, real: Real): Promise<void> {
  await happen(failAfter(null), model, real);
  for (let at = 0; at < COUNT; at += 1) {
    for (let steps = 0, deed = nextOf(model, at); deed !== null; steps += 1) {
      expect(steps).toBeLessThan(6);
      // The truth comes last.
      for (const kind of ANSWERS) {
        if (isWaiting(model, model.rounds[at]!)) await happen(answer(kind), model, real);
      }
      await happen(deed, model, real);
      deed = nextOf(model, at);
    }
  }
  // There is nothing left that an agent would build or say.
  for (const deed of [passHour, restart, build]) await happen(deed, model, real);
  const { runner } = real.agent.now;
  await eventually(
    'an agent with nothing left to do',
    () => runner.workload(),
    ({ isDone }) => isDone,
  );
  await real.agent.end();
  await meet(model, real, []);
}

test('an agent’s jobs go as a naive model has it, whatever is repeated, lost, early, forged, forked or cut off', async () => {
  const machine = Machine.use();
  const dir = await scratchDirectory();
  const property = fc.asyncProperty(
    fc.record({ isBlind: fc.constantFrom(true, true, true, false), isWitnessed: fc.boolean() }),
    fc.commands(commandArbs, { maxCommands: 60, size: 'max' }),
    async (asks, commands) => {
      const { isBlind: blind, isWitnessed } = asks;
      const witnessing = { policy: policyOf(4, 3), fallbackSeconds: 3_600 };
      const told = new PlayedRounds(nats(), { blind, ...(isWitnessed && { witnessing }) }, COUNT);
      const listened = told.listen();
      await nats().flush();
      const onDue = (): void => {
        told.sent = [];
        real.maySend = new Set(real.open);
      };
      const agent = new AgentLife(machine, await mkdtemp(join(dir, 'agent-')), nats(), onDue);
      const real: Real = { agent, told, open: [], maySend: new Set() };
      const model: Model = { ...asks, rounds: Array.from({ length: COUNT }, unheard) };
      try {
        await agent.now.state.update(() => ({ keep: told.note(), answer: undefined }));
        agent.start();
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await drain(model, real);
      } finally {
        await agent.end();
        listened();
      }
    },
  );
  await fc.assert(property, { numRuns: 20, interruptAfterTimeLimit: 60_000 });
}, 120_000);
