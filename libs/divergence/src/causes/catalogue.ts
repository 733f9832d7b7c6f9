import type { Cause } from './cause.js';
import { causesOfBytes } from './causes-of-bytes.js';
import { causesOfImages } from './causes-of-images.js';
import { causesOfSource } from './causes-of-source.js';
import { causesOfSurroundings } from './causes-of-surroundings.js';

/**
 * Everything that is known to make two builds of one commit differ: what leaves a trace in the
 * bytes first, then what only the numbers can name.
 */
export const CAUSES: readonly Cause[] = [
  ...causesOfBytes,
  ...causesOfImages,
  ...causesOfSource,
  ...causesOfSurroundings,
];
