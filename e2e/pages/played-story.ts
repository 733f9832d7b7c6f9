import { runScenario, SILENT, type Played } from '../scenarios/run-scenario.js';
import type { Scenario } from '../scenarios/scenario.js';
import { findScenario } from '../scenarios/scenarios.js';
import { ASKING } from '../stack/token.js';
import type { Stack } from '../stack/stack.js';

/** A story that was played, and its stack, which stays until it is ended. */
export interface PlayedStory {
  readonly stack: Stack;
  readonly played: Played;
  end(): Promise<void>;
}

/** The story of this project: five builders, four of whom got what their own mirror had. */
export function seedSplit(): Scenario {
  const scenario = findScenario('seed-split');
  if (scenario === undefined) throw new Error('there is no story to be played');
  return scenario;
}

/** Plays the story to its verdict, and keeps its stack. */
export async function playStory(): Promise<PlayedStory> {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return new Promise((resolve, reject) => {
    const over = runScenario(seedSplit(), SILENT, async (stack, played) => {
      resolve({
        ...{ stack, played },
        end: async () => {
          finish();
          await over;
        },
      });
      await finished;
    });
    over.catch(reject);
  });
}

/** Makes a group of a story's operators and of one that nobody has heard of; gives its id. */
export async function makeGroup({ stack, played }: PlayedStory): Promise<string> {
  const members = [...new Set(played.report.builders.map(({ operator }) => operator))];
  const answer = await fetch(`${stack.coordinator.url}/v1/groups/north`, {
    method: 'PUT',
    headers: ASKING,
    body: JSON.stringify({ name: 'North', members: [...members, 'zoe'], threshold: '2/3' }),
  });
  if (!answer.ok) throw new Error(`no group was made: ${await answer.text()}`);
  return 'north';
}

/** Opens a round for a group, on a commit that nobody has. */
export async function openForGroup({ stack }: PlayedStory, group: string): Promise<void> {
  const answer = await fetch(`${stack.coordinator.url}/v1/rounds`, {
    method: 'POST',
    headers: ASKING,
    body: JSON.stringify({ commit: '0e'.repeat(20), groups: [group] }),
  });
  if (!answer.ok) throw new Error(`no round was opened: ${await answer.text()}`);
}
