import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Config } from './config.js';
import { coordinatorOf } from './jobs/coordinator-identity.js';

const EXAMPLE = join(import.meta.dirname, '../../../deploy/env/builder-agent.env.example');
const settings = [...readFileSync(EXAMPLE, 'utf8').matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(
  ([, mark, name = '', value = '']) => ({ name, value, isDefault: mark === '#' }),
);
const required = Object.fromEntries(
  settings.filter(({ isDefault }) => !isDefault).map(({ name, value }) => [name, value]),
);

test('the example file lists every variable, once, and no other', () => {
  expect(settings.map(({ name }) => name).toSorted()).toEqual(Object.keys(Config.shape).toSorted());
});

test('the example file is a usable configuration, and every line of it that is not a default is needed', () => {
  expect(Config.safeParse(required).success).toBe(true);
  for (const name of Object.keys(required)) {
    expect(Config.safeParse({ ...required, [name]: undefined }).success).toBe(false);
  }
});

test('the example file tells the true defaults', () => {
  // The machine that runs this test may name another temp folder than the usual one.
  const usual = { ...required, BUILD_TMPDIR: '/tmp' };
  const fallback = Config.parse(usual);
  for (const { name, value } of settings.filter(({ isDefault }) => isDefault)) {
    const told = value === '' ? {} : { [name]: value };
    expect(Config.parse({ ...usual, ...told })).toEqual(fallback);
  }
});

test('the example file’s verifier key is one', () => {
  const { COORDINATOR_VKEY } = Config.parse(required);
  expect(coordinatorOf(COORDINATOR_VKEY).origin).toBe('quorum.example.org/log');
});
