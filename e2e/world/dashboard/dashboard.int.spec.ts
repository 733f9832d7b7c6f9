import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createGovernance, parseDashboardProposal } from '#libs/nns';
import { startNns } from '../nns/index.js';
import type { Nns, ProposalSpec } from '../nns/index.js';
import { startDashboard } from './dashboard.js';
import type { Dashboard } from './dashboard.js';

const commit = '79faae8b354edbf45ae858f1c88bcd1eba4897a5';
const sha256 = '8819fe2c230cc62300c146b6ee644d934df336cb9d17a146999d3bb2449c53b1';
const urls = ['https://download.dfinity.systems/a', 'https://download.dfinity.network/a'];
const election = { kind: 'elect-guestos', commit, sha256, urls } as const;
const measurements = [{ kernelCmdline: 'dfinity.system=A', measurement: '0a'.repeat(48) }];

let nns: Nns;
let dashboard: Dashboard;
beforeAll(async () => {
  nns = await startNns();
  dashboard = await startDashboard(nns);
});
afterAll(async () => {
  await dashboard.close();
  await nns.close();
});
afterEach(() => {
  dashboard.setFault(null);
});

const get = (id: bigint | string) => fetch(`${dashboard.url}/api/v3/proposals/${id}`);
const payloadOf = async (spec: ProposalSpec): Promise<unknown> => {
  const { payload } = (await (await get(nns.propose(spec))).json()) as { payload: unknown };
  return payload;
};

describe('a proposal on the dashboard', () => {
  test('has its number beside that of a row, and tallies that JavaScript would round', async () => {
    const id = nns.propose(election);
    const text = await (await get(id)).text();
    expect(text).toContain(`"proposal_id":${id},`);
    expect(text).not.toContain(`"id":${id},`);
    expect(text).toContain('"total":46334384189105008,');
    expect(JSON.parse(text)).toMatchObject({
      ...{ action: 'ExecuteNnsFunction', topic: 'TOPIC_IC_OS_VERSION_ELECTION' },
      ...{ status: 'OPEN', proposer: expect.any(String) as string },
    });
  });

  test('has the payload fields of its time', async () => {
    const common = { release_package_sha256_hex: sha256, release_package_urls: urls };
    const guest = { replica_version_to_elect: commit, replica_versions_to_unelect: [] };
    expect(await payloadOf({ ...election, measurements })).toEqual({
      ...{ ...common, ...guest },
      guest_launch_measurements: {
        guest_launch_measurements: [
          { measurement: '0a'.repeat(48), metadata: { kernel_cmdline: 'dfinity.system=A' } },
        ],
      },
    });
    expect(await payloadOf(election)).toEqual({
      ...{ ...common, ...guest },
      guest_launch_measurements: null,
    });
    expect(await payloadOf({ ...election, kind: 'elect-guestos-2023' })).toEqual({
      ...{ ...common, ...guest },
      guest_launch_measurement_sha256_hex: null,
    });
    expect(await payloadOf({ ...election, kind: 'elect-hostos' })).toEqual({
      ...common,
      ...{ hostos_version_to_elect: commit, hostos_versions_to_unelect: [] },
    });
    expect(
      await payloadOf({ kind: 'bless', commit, sha256, packageUrl: 'https://x/' }),
    ).toMatchObject({
      ...{ replica_version_id: commit, release_package_url: 'https://x/' },
    });
  });

  test('is still there when the canister has purged it', async () => {
    const id = nns.propose(election);
    nns.purge(id);
    const governance = await createGovernance({ host: nns.url, rootKey: nns.rootKey });
    await expect(governance.readProposal(id)).rejects.toMatchObject({ code: 'NO_SUCH_PROPOSAL' });
    expect(await governance.listOpenElections()).not.toContain(id);
    expect(parseDashboardProposal(await (await get(id)).text(), id).sha256).toBe(sha256);
  });

  test('is missing where there is none', async () => {
    for (const id of ['1', '-1', 'x', '9'.repeat(30)]) expect((await get(id)).status).toBe(404);
  });
});

describe('a dashboard that fails or lies', () => {
  test('shows another digest, or whatever it is told to', async () => {
    const id = nns.propose(election);
    const shown = async () => parseDashboardProposal(await (await get(id)).text(), id);
    dashboard.setFault({ kind: 'lies' });
    expect((await shown()).sha256).toBe('f'.repeat(64));
    dashboard.setFault({ kind: 'lies', payload: { release_package_urls: ['https://x/'] } });
    expect(await shown()).toMatchObject({ sha256, urls: ['https://x/'] });
  });

  test('is down, shows a page, says far too much, or takes its time', async () => {
    const id = nns.propose(election);
    dashboard.setFault({ kind: 'down' });
    await expect(get(id)).rejects.toThrow('fetch failed');
    dashboard.setFault({ kind: 'html' });
    const page = await get(id);
    expect([page.status, await page.text()]).toEqual([502, expect.stringContaining('<html>')]);
    dashboard.setFault({ kind: 'huge', sizeBytes: 8 * 1024 * 1024 });
    expect((await (await get(id)).text()).length).toBeGreaterThan(8 * 1024 * 1024);
    dashboard.setFault({ kind: 'slow', delayMs: 60_000 });
    const late = fetch(`${dashboard.url}/api/v3/proposals/${id}`, {
      signal: AbortSignal.timeout(100),
    });
    await expect(late).rejects.toThrow('timeout');
  });
});
