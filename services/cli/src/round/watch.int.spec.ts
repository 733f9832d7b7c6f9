import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readConfig } from '#libs/platform';
import { useQuorum } from '#libs/testing';
import { Config } from '../../../coordinator/src/config.js';
import { startCoordinator } from '../../../coordinator/src/coordinator.js';
import { Api } from './api.js';
import { watchRound } from './watch.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: { acme: 1, bits: 1, coop: 1 },
});
const servers = new Set<Server>();

afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers) server.close();
  servers.clear();
});

/** A way to the coordinator that counts what is asked, and knows no live rounds if it should not. */
async function passing(hasEvents: boolean): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path.split('/').at(-1) ?? '');
    if (!hasEvents && path.endsWith('/events')) {
      response.writeHead(404).end();
      return;
    }
    void fetch(`${quorum().api.url}${path}`).then(async ({ status, body }) => {
      response.writeHead(status);
      for await (const chunk of body ?? []) response.write(chunk);
      response.end();
    });
  });
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, asked };
}

/** Has all builders of a round build the same. */
async function play(round: string): Promise<void> {
  const { builders } = quorum();
  const sealed = await Promise.all(
    builders.map(async (builder) => builder.seal(await builder.invitation(round))),
  );
  for (const [at, builder] of builders.entries()) await builder.commit(sealed[at]!.commit);
  await Promise.all(builders.map((builder) => builder.close(round)));
  for (const [at, builder] of builders.entries()) await builder.reveal(sealed[at]!.result);
}

describe('a round that is watched', () => {
  test.each([
    ['is told live to its verdict', true],
    ['is asked for again and again where nothing is told live', false],
  ])('%s', async (_, hasEvents) => {
    const shown: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => shown.push(String(text)) > 0);
    const round = await quorum().api.open({ commit: (hasEvents ? '1a' : '1b').repeat(20) });
    const { url, asked } = await passing(hasEvents);
    const [report] = await Promise.all([watchRound(new Api(url), round), play(round)]);
    expect(report.round?.phase).toBe('final');
    expect(asked.filter((what) => what === 'events')).toHaveLength(1);
    expect(shown.join('')).toContain('final');
  });

  test('that is over is not followed', async () => {
    const round = await quorum().api.open({ commit: '1c'.repeat(20) });
    await play(round);
    await quorum().api.reportIn('final', round);
    const { url, asked } = await passing(true);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect((await watchRound(new Api(url), round)).round?.phase).toBe('final');
    expect(asked).not.toContain('events');
  });
});
