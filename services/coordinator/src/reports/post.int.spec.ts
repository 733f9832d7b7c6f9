import { describe, expect, test } from 'vitest';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import { Config } from '../config.js';
import { startCoordinator } from '../coordinator.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
  environment: { PUBLIC_URL: 'https://quorum.example' },
});

describe('a post', () => {
  test('is Markdown or text, of the group or of a member, with addresses that readers reach', async () => {
    const { api } = quorum();
    const round = await api.open({ commit: '0a'.repeat(20) });
    const get = async (path: string): Promise<readonly [string | null, string]> => {
      const response = await api.get(`/v1/rounds/${round}/${path}`);
      expect(response.status).toBe(200);
      return [response.headers.get('content-type'), await response.text()];
    };
    const [type, post] = await get('post.md');
    expect(type).toBe('text/markdown; charset=utf-8');
    expect(post).toContain(`](https://quorum.example/rounds/${round})`);
    expect((await get('post.md?member=bits'))[1]).toContain('By **bits**.');
    const [plainType, text] = await get('post.txt?member=acme&for=discord');
    expect(plainType).toBe('text/plain; charset=utf-8');
    expect(text).toContain('By acme.');
    expect(text.length).toBeLessThanOrEqual(2000);
  });

  test('of somebody whom nobody asked is refused, and names those who were', async () => {
    const { api } = quorum();
    const round = await api.open({ commit: '0b'.repeat(20) });
    const refused = await api.refused('GET', `/v1/rounds/${round}/post.md?member=mallory`);
    expect(refused).toMatchObject({ status: 404, code: 'not-in-round' });
    expect(refused.detail).toContain('acme, bits, coop');
    for (const query of [
      'member=',
      'for=slack',
      `member=${'x'.repeat(201)}`,
      'member=a&member=b',
    ]) {
      const path = `/v1/rounds/${round}/post.txt?${query}`;
      expect(await api.refused('GET', path)).toMatchObject({ code: 'malformed-request' });
    }
    const nowhere = `/v1/rounds/${'ee'.repeat(32)}/post.md`;
    expect(await api.refused('GET', nowhere)).toMatchObject({ code: 'no-such-round' });
  });
});
