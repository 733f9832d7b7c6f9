import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createNoise } from './noise.js';

test('one seed gives the same bytes, another seed others', () => {
  const [one, same, other] = ['a', 'a', 'b'].map(createNoise);
  expect(one!(1000)).toEqual(same!(1000));
  expect(one!(1000)).not.toEqual(other!(1000));
});

test('noise goes on, and does not compress', () => {
  const noise = createNoise('a');
  expect(noise(1000)).not.toEqual(noise(1000));
  expect(deflateRawSync(noise(100_000)).byteLength).toBeGreaterThan(99_000);
});
