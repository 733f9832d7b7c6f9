import { expect, test } from 'vitest';
import { z } from 'zod';
import { ConfigError, readConfig } from './config.js';

const Schema = z.object({
  /** Where it listens. */
  PORT: z.coerce.number().int().default(3000),
  KEY_FILE: z.string().min(1),
  DATABASE_URL: z.string().startsWith('postgres'),
  MODE: z.enum(['fast', 'safe']).optional(),
});

function refusal(environment: Record<string, string | undefined>): string {
  try {
    readConfig(Schema, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'BAD_CONFIG' });
    return (error as ConfigError).message;
  }
  throw new Error('was taken');
}

test('a usable environment becomes a configuration with its defaults, and nothing else of it', () => {
  const environment = { KEY_FILE: 'key.pem', DATABASE_URL: 'postgres://db', PATH: '/bin' };
  expect(readConfig(Schema, environment)).toEqual({
    PORT: 3000,
    KEY_FILE: 'key.pem',
    DATABASE_URL: 'postgres://db',
  });
});

test('every key that is missing or wrong is listed at once, and no other', () => {
  const message = refusal({ PORT: 'many', DATABASE_URL: 'mysql://db', MODE: 'safe' });
  for (const key of ['PORT', 'KEY_FILE', 'DATABASE_URL']) expect(message).toContain(`→ at ${key}`);
  expect(message).not.toContain('MODE');
});

test('an empty value is as good as none', () => {
  expect(refusal({ KEY_FILE: '', DATABASE_URL: 'postgres://db' })).toContain('KEY_FILE');
});

test('values are not repeated: they may be secrets', () => {
  expect(refusal({ KEY_FILE: 'k', DATABASE_URL: 'mysql://me:secret@db' })).not.toContain('secret');
});
