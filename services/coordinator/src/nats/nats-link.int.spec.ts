import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ensureStreams } from '#libs/messaging';
import { ConfigError } from '#libs/platform';
import { natsUrl, useNatsWithAccounts } from '#libs/testing';
import { openNats, type NatsLink, type NatsLinkConfig } from './nats-link.js';

const nats = useNatsWithAccounts();
beforeAll(() => {
  Logger.overrideLogger(false);
});

async function open(over: Partial<NatsLinkConfig>): Promise<NatsLink> {
  const config = { NATS_URL: [nats().url], DURABILITY: 'any' as const, ...over };
  const link = await openNats({ ...config, NATS_CA_FILE: undefined });
  onTestFinished(async () => {
    await link.nats.close();
    await link.accounts?.connection.close();
  });
  return link;
}

const authorityDir = (): string => join(nats().dir, 'authority');

describe('a coordinator with the folder of the authority', () => {
  test('signs in, has the streams, and says who else may', async () => {
    const link = await open({ NATS_AUTHORITY_DIR: authorityDir() });
    await ensureStreams(link.nats);
    expect(await link.accounts?.directory.ensureAccounts([])).toEqual({ pushed: 0 });
  });

  test('has a second one beside it that says the same', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(() => open({ NATS_AUTHORITY_DIR: authorityDir() })),
    );
    const [first, second] = [one, two].map((link) => link?.accounts?.authority.accountOf('b1'));
    expect(first).toMatch(/^A[A-Z2-7]{55}$/);
    expect(second).toBe(first);
  });
});

test('without it, NATS asks nobody who he is', async () => {
  const link = await open({ NATS_URL: [natsUrl()] });
  expect(link.accounts).toBeNull();
  await link.nats.flush();
});

test('a server that acknowledges from its cache is told as such, and is none for strict durability', async () => {
  const link = await open({ NATS_AUTHORITY_DIR: authorityDir() });
  // The server of these tests never writes through, whatever its version.
  expect(link.durability.mode).toBe('page-cache');
  const strict = open({ NATS_AUTHORITY_DIR: authorityDir(), DURABILITY: 'strict' });
  await expect(strict).rejects.toThrow(ConfigError);
  await expect(strict).rejects.toThrow(/DURABILITY is strict.*sync_interval/);
});
