import type { Benchmark } from './benchmark.js';
import { measureManifests } from './explain/manifest.js';
import { simulate } from './explain/statistics.js';

/** Why a round split: how often facts tell it rightly, and what it costs to look inside images. */
export const explain: Benchmark = {
  name: 'explain',
  question: 'splits explained: simulated rounds by facts alone, two images by their manifests',
  run: async (setting) => [...simulate(setting), ...(await measureManifests(setting))],
};
