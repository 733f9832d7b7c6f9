import { beforeEach, expect, test } from 'vitest';
import { ExplanationEntity } from '#libs/persistence';
import { useDataSource } from '#libs/testing';
import {
  claimDue,
  endLook,
  keepExplanation,
  LookSuperseded,
  noteDecided,
  noteExperiments,
  type ClaimedRound,
} from './explanation-rows.js';

const ROUND = 'ab'.repeat(32);
const dataSource = useDataSource();
const at = (seconds: number): Date => new Date(Date.parse('2026-01-01T00:00:00Z') + seconds * 1000);

async function claim(seconds: number): Promise<ClaimedRound> {
  const times = { now: at(seconds), leasedUntil: at(seconds + 600) };
  const [claimed] = await claimDue(dataSource().manager, { ...times, limit: 4 });
  return claimed!;
}

const keep = (look: ClaimedRound, isComplete: boolean, seconds: number): Promise<void> => {
  const found = { artifacts: [], comparisons: [], isComplete };
  return keepExplanation(dataSource().manager, look, found, at(seconds));
};

const row = (): Promise<Pick<ExplanationEntity, 'madeAt' | 'isComplete' | 'dueAt'>> =>
  dataSource().manager.findOneByOrFail(ExplanationEntity, { round: ROUND });

beforeEach(async () => {
  const { manager } = dataSource();
  await manager.clear(ExplanationEntity);
  await noteDecided(manager, [{ round: ROUND, isSplit: true }], at(0));
});

test('a look keeps nothing once a later one has begun, and leaves what that one kept', async () => {
  const { manager } = dataSource();
  const early = await claim(0);
  await keep(early, false, 1);
  await noteExperiments(manager, [ROUND], at(60));
  const late = await claim(61);
  await expect(keep(early, true, 62)).rejects.toThrow(LookSuperseded);
  await keep(late, true, 90);
  await endLook(manager, late, null);
  await expect(keep(early, false, 300)).rejects.toThrow(LookSuperseded);
  await endLook(manager, early, at(600));
  expect(await row()).toMatchObject({ madeAt: at(90), isComplete: true, dueAt: null });
});

test('what became due amid a look is due after it, and what that look found is kept meanwhile', async () => {
  const { manager } = dataSource();
  const look = await claim(0);
  await noteExperiments(manager, [ROUND], at(60));
  await keep(look, true, 70);
  await endLook(manager, look, null);
  expect(await row()).toMatchObject({ madeAt: at(70), dueAt: at(60) });
});
