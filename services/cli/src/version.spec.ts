import { expect, test } from 'vitest';
import { VERSION as released } from '#libs/contracts';
import { VERSION } from './version.js';

test('the command line has the version of the release', () => {
  expect(VERSION).toBe(released);
});
