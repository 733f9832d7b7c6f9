import { expect, test } from 'vitest';
import { drawFigure } from './draw-figure.js';

const walk = { what: 'walk', rate: '4 s', ratio: null, sentence: 'walking takes 4 s (at most 3)' };

test('a missed goal is marked, and one that is met or not judged is not', () => {
  expect(drawFigure({ ...walk, isMissed: true })[1]).toBe(
    '  walking takes 4 s (at most 3): MISSED',
  );
  for (const figure of [walk, { ...walk, isMissed: false }]) {
    expect(drawFigure(figure)[1]).toBe('  walking takes 4 s (at most 3)');
  }
});
