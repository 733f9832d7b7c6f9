import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PolicyFile, type Report } from '#libs/contracts';
import {
  isDamning,
  openBundle,
  readAuditor,
  replayRound,
  verifyBundle,
  type Finding,
} from '#libs/evidence';
import { databaseOptions, RoundBuilderEntity, RoundEntity } from '#libs/persistence';
import { CoordinatorClient } from '#libs/testing';
import { parseVkey } from '#libs/tlog';
import { DataSource } from 'typeorm';
import { startHandStack, type HandStack } from '../faults/hand-stack.js';
import { roundArb, type DrawnRound, type DrawnSeat } from './drawn-round.js';
import { PlayedRound, type Ground } from './played-round.js';

const OPERATORS = ['acme', 'acme', 'bits', 'coop', 'duo', 'duo', 'echo'];

let stack: HandStack;
let database: DataSource;
let ground: Ground;
let played = 0;
beforeAll(async () => {
  stack = await startHandStack({ operators: OPERATORS, isWitnessed: true });
  database = await new DataSource(databaseOptions(stack.databaseUrl)).initialize();
  const rounds = database.getRepository(RoundEntity);
  ground = {
    api: new CoordinatorClient(stack.coordinator.url),
    builders: stack.builders,
    origin: parseVkey(stack.vkey).name,
    passDeadline: async (id) => {
      await rounds.update({ id }, { dueAt: new Date(0) });
    },
  };
});
afterAll(async () => {
  await database.destroy();
  await stack.close();
});

/** What a round came to, in the words of whoever counts it. */
interface Count {
  readonly artifacts: readonly unknown[];
  readonly counted: readonly string[];
  readonly damning: readonly Finding[];
}

async function coordinatorsCount(round: string, report: Report): Promise<Count> {
  const rows = await database.getRepository(RoundBuilderEntity).findBy({ round, isCounted: true });
  const counted = rows.map(({ builder }) => builder).toSorted();
  return { artifacts: report.artifacts, counted, damning: [] };
}

/** The count of somebody who has the bundle alone, and trusts whom the round trusts. */
async function auditorsCount(round: string, report: Report, threshold: string): Promise<Count> {
  const text = await (await ground.api.get(`/v1/rounds/${round}/bundle`)).text();
  const seats = Map.groupBy(report.builders, ({ operator }) => operator);
  const policy = PolicyFile.parse({
    log: [stack.vkey],
    threshold,
    operators: [...seats].map(([operator, rows]) => ({
      operator,
      builders: rows.map(({ builder }) => builder),
    })),
  });
  const auditor = readAuditor(policy);
  const verifyCertificate = () => Promise.reject(new Error('there is no certificate'));
  const audit = await verifyBundle(text, auditor, { at: new Date(), verifyCertificate });
  const bundle = await openBundle(text, auditor.logKeys);
  const replay = replayRound(bundle.entries, {
    round,
    coordinator: parseVkey(stack.vkey).publicKey,
  });
  return {
    // What a policy asks for is no part of a count.
    artifacts: audit.artifacts.map((artifact) => ({ ...artifact, isRequired: undefined })),
    counted: replay.open === null ? [] : [...replay.results.keys()].toSorted(),
    damning: audit.findings.filter(isDamning),
  };
}

/** Plays a round, and holds both counts equal, before and after what comes after its verdict. */
async function recount(drawn: DrawnRound): Promise<void> {
  played += 1;
  const commit = played.toString(16).padStart(40, '0');
  const play = await PlayedRound.play(ground, drawn, commit);
  const { round } = play;
  const report = await ground.api.report(round);
  const mine = await coordinatorsCount(round, report);
  expect(mine.counted).toEqual(play.expected);
  expect(await auditorsCount(round, report, drawn.threshold)).toEqual(mine);
  await play.goOn(commit);
  expect(await auditorsCount(round, report, drawn.threshold)).toEqual(mine);
}

test('an auditor counts from the bundle what the coordinator counts from its database, whatever builders do', async () => {
  const property = fc.asyncProperty(roundArb(OPERATORS), recount);
  await fc.assert(property, { numRuns: 20, interruptAfterTimeLimit: 120_000 });
});

test('a commit after the verdict changes nothing for anybody', async () => {
  const good = { built: 'good', read: 'good', shows: 'witnessed' } as const;
  const seats = OPERATORS.map((operator): DrawnSeat => {
    const commits = operator === 'coop' ? 'after-verdict' : 'in-time';
    return { invited: 'at-once', commits, ...good };
  });
  await recount({ blind: true, threshold: '2/3', repeated: 'never', seats });
});
