import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EvidenceJson } from '#libs/nns';
import { openCheckDesk, type CheckDesk, type CheckEnd } from './check-desk.js';

interface Kept {
  readonly proposal: string;
  readonly evidence: EvidenceJson;
}

const commit = '0123456789012345678901234567890123456789';
/** Nothing outside is there any more. */
const NOWHERE = {
  REPRO_QUORUM_NNS_HOST: 'http://127.0.0.1:9',
  REPRO_QUORUM_DASHBOARD: 'http://127.0.0.1:9',
  REPRO_QUORUM_GIT_URL: 'http://127.0.0.1:9/dfinity/ic.git',
};

let desk: CheckDesk;
let id: string;
let file: string;
let kept: Kept;
beforeAll(async () => {
  desk = await openCheckDesk();
  const urls = [`${desk.world.systems.url}/image`];
  const spec = { kind: 'elect-guestos', commit, sha256: 'a'.repeat(64), urls } as const;
  id = desk.world.nns.propose(spec).toString();
  await desk.check(['-p', id, '--dry-run']);
  file = join(desk.home, '.cache/repro-quorum/proposals', `${id}.json`);
  kept = JSON.parse(await readFile(file, 'utf8')) as Kept;
});
afterAll(() => desk.close());

const offline = (path: string, ...more: string[]): Promise<CheckEnd> =>
  desk.check(['--evidence', path, '--dry-run', '--json', ...more], NOWHERE);

async function changed(change: (kept: EvidenceJson) => EvidenceJson): Promise<string> {
  const path = join(desk.dir, `${randomUUID()}.json`);
  await writeFile(path, JSON.stringify(change(structuredClone(kept.evidence))));
  return path;
}

describe.concurrent('what a check kept of a proposal', () => {
  test('proves it with everything outside shut down, and tells when it was certified', async () => {
    const { exitCode, stdout, stderr } = await offline(file);
    expect(exitCode, stderr).toBe(0);
    const { proposal } = JSON.parse(stdout) as { proposal: { id: string; certifiedAt: string } };
    expect(proposal).toMatchObject({ id, elects: 'guestos/update-img' });
    expect(Math.abs(Date.parse(proposal.certifiedAt) - Date.now())).toBeLessThan(10 * 60_000);
  });

  test('proves it bare as well, as it stands in a report', async () => {
    expect((await offline(await changed((bare) => bare))).exitCode).toBe(0);
  });

  test('asks nobody: the dashboard is not looked at', async () => {
    const { stdout } = await desk.check(['--evidence', file, '--json'], {
      REPRO_QUORUM_NNS_HOST: 'http://127.0.0.1:9',
    });
    const { proposal } = JSON.parse(stdout) as { proposal: { dashboard: { state: string } } };
    expect(proposal.dashboard.state).toBe('not-asked');
    // Once, when it was kept.
    expect(desk.world.dashboard.requests).toEqual([`GET /api/v3/proposals/${id}`]);
  });

  test('proves no other proposal: exit code 2', async () => {
    const { exitCode, stderr } = await offline(file, '-p', '1');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`proves proposal ${id}, not 1`),
    ]);
  });

  test('proves nothing under another root key: exit code 4', async () => {
    const args = ['--evidence', file, '--dry-run'];
    const end = await desk.check(args, { ...NOWHERE, REPRO_QUORUM_NNS_ROOT_KEY: '' });
    expect([end.exitCode, end.stderr]).toEqual([4, expect.stringContaining('UNCERTIFIED')]);
  });

  test.each<[string, (kept: EvidenceJson) => EvidenceJson]>([
    ['certificate', (kept) => ({ ...kept, certificate: flipped(kept.certificate) })],
    ['request id', (kept) => ({ ...kept, requestId: flipped(kept.requestId) })],
    ['argument', (kept) => request(kept, { argument: flipped(kept.request.argument) })],
    [
      'ingress expiry',
      (kept) => request(kept, { ingressExpiryNs: `${BigInt(kept.request.ingressExpiryNs) + 1n}` }),
    ],
  ])('proves nothing with another %s: exit code 4', async (_, change) => {
    const { exitCode, stdout, stderr } = await offline(await changed(change));
    expect([exitCode, stdout, stderr]).toEqual([4, '', expect.stringContaining('UNCERTIFIED')]);
  });
});

/** Other bytes of the same length, in base64 still. */
function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes.toString('base64');
}

function request(kept: EvidenceJson, change: Partial<EvidenceJson['request']>): EvidenceJson {
  return { ...kept, request: { ...kept.request, ...change } };
}
