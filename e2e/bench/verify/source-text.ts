import { createNoise } from './noise.js';

const WORDS = 2_000;
const SKEW = 48;
const LINES = 20_000;
const MAX_LINE_WORDS = 9;
const MAX_WORD_LETTERS = 10;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz_';
const BLOCK_BYTES = 64 * 1024;

/**
 * Makes a source of text that compresses to a quarter or so, as source code does: lines of words of
 * which few are frequent. The same text for the same seed.
 */
export function createSourceText(seed: string): (bytes: number) => Buffer {
  const random = createChance(seed);
  const letter = (): string => LETTERS[random(LETTERS.length)] ?? '';
  const words = Array.from({ length: WORDS }, () =>
    Array.from({ length: 2 + random(MAX_WORD_LETTERS) }, letter).join(''),
  );
  // The least of several chances is small more often than large.
  const frequent = (): string =>
    words[Math.min(...Array.from({ length: SKEW }, () => random(WORDS)))] ?? '';
  const lines = Array.from({ length: LINES }, () => {
    const indent = ' '.repeat(4 * random(4));
    const length = 1 + random(MAX_LINE_WORDS);
    return Buffer.from(`${indent}${Array.from({ length }, frequent).join(' ')};\n`);
  });
  return (bytes) => {
    const text = Buffer.alloc(bytes, '\n');
    for (let filled = 0; filled < bytes;) {
      filled += lines[random(LINES)]?.copy(text, filled) ?? 0;
    }
    return text;
  };
}

/** Makes a source of whole numbers from zero up to a bound, which it does not reach. */
function createChance(seed: string): (below: number) => number {
  const noise = createNoise(seed);
  let block = noise(BLOCK_BYTES);
  let used = 0;
  return (below) => {
    if (used === BLOCK_BYTES) [block, used] = [noise(BLOCK_BYTES), 0];
    used += 4;
    return block.readUInt32LE(used - 4) % below;
  };
}
