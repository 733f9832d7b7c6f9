import { api } from './api.js';
import type { Benchmark } from './benchmark.js';
import { decide } from './decide.js';
import { evidence } from './evidence.js';
import { explain } from './explain.js';
import { hash } from './hash.js';
import { pages } from './pages.js';
import { serving } from './serving.js';
import { verify } from './verify.js';
import { verifySignatures } from './verify-signatures.js';

/** All benchmarks, in the order in which `./run bench` runs them. */
export const BENCHMARKS: readonly Benchmark[] = [
  verifySignatures,
  hash,
  decide,
  verify,
  evidence,
  explain,
  serving,
  api,
  pages,
];
