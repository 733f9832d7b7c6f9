import type { Benchmark } from './benchmark.js';
import { simulate } from './explain/statistics.js';

/** Why a round split: how often that is told rightly, and what it costs to look inside images. */
export const explain: Benchmark = {
  name: 'explain',
  question: 'simulated rounds explained by facts alone: false alarms, and causes found',
  run: (setting) => Promise.resolve(simulate(setting)),
};
