import { expect, test } from 'vitest';
import { elsewhere, endpointsOf } from './endpoints.js';

test.each([
  [{ REPRO_QUORUM_NNS_HOST: 'http://nns' }, 'REPRO_QUORUM_NNS_HOST points elsewhere.'],
  [
    { REPRO_QUORUM_NNS_HOST: 'http://nns', REPRO_QUORUM_ERAS: 'eras.json' },
    'REPRO_QUORUM_NNS_HOST, REPRO_QUORUM_ERAS point elsewhere.',
  ],
])('what %j replaces is told in a whole sentence', (environment, told) => {
  expect(elsewhere(endpointsOf(environment).replaced)).toBe(
    `This is not about the Internet Computer: ${told}`,
  );
});
