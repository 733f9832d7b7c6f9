import { describe, expect, inject, test } from 'vitest';
import { ConfigError } from '#libs/platform';
import { openDatabase } from './open-database.js';

function changed(change: (url: URL) => void): string {
  const url = new URL(inject('postgresUrl'));
  change(url);
  return url.href;
}

describe('a database that a command cannot open', () => {
  test.each([
    ['where nobody listens', () => 'postgres://127.0.0.1:1/x', /ECONNREFUSED/],
    ['where a name has several addresses', () => 'postgres://localhost:1/x', /ECONNREFUSED/],
    ['that is not there', () => changed((url) => (url.pathname = '/nothing')), /"nothing"/],
    ['for a role that is not there', () => changed((url) => (url.username = 'eve')), /eve/],
  ])('%s is told with what to look at', async (_name, urlOf, why) => {
    const opened = openDatabase(urlOf());
    await expect(opened).rejects.toThrow(ConfigError);
    await expect(opened).rejects.toThrow(why);
    await expect(opened).rejects.toThrow(
      /^the database does not answer: \S.*; look at --database or DATABASE_URL$/,
    );
  });
});
