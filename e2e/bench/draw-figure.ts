import type { Figure } from './benchmark.js';

/** Draws a figure as lines of a table; a goal that it misses is marked behind its sentence. */
export function drawFigure({ what, rate, ratio, sentence, isMissed }: Figure): string[] {
  const columns = `  ${what.padEnd(36)} ${rate.padStart(24)}  ${String(ratio ?? '').padStart(8)}`;
  const mark = isMissed === true ? ': MISSED' : '';
  return [columns.trimEnd(), ...(sentence === undefined ? [] : [`  ${sentence}${mark}`])];
}
