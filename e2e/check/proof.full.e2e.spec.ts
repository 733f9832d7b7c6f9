import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DashboardFault } from '../world/dashboard/fault.js';
import type { Fault } from '../world/nns/index.js';
import { openCheckDesk, type CheckDesk, type ReportEnd } from './check-desk.js';

/** No repository has it: a check that asks for its source ends at once, with a report. */
const commit = '0123456789012345678901234567890123456789';
const sha256 = 'a'.repeat(64);

let desk: CheckDesk;
beforeAll(async () => {
  desk = await openCheckDesk();
});
afterAll(() => desk.close());

/** Proposes to elect it; gives the proposal's number. */
function elect(): string {
  const urls = [`${desk.world.systems.url}/image`];
  return desk.world.nns.propose({ kind: 'elect-guestos', commit, sha256, urls }).toString();
}

describe('an NNS', () => {
  afterEach(() => {
    desk.world.nns.setFault(null);
  });

  test.each<[Fault, exitCode: number, string]>([
    ['bad-signature', 4, 'UNCERTIFIED'],
    ['wrong-root', 4, 'UNCERTIFIED'],
    ['outdated', 4, 'CERTIFICATE_OUTDATED'],
    ['stray-canister-range', 4, 'UNCERTIFIED'],
    ['no-certificate', 4, 'UNCERTIFIED'],
    ['captive-portal', 4, 'UNCERTIFIED'],
    ['unreachable', 3, 'UNREACHABLE'],
    ['overloaded', 3, 'UNREACHABLE'],
    ['reject', 3, 'REJECTED'],
  ])('with the fault %s ends a check with exit code %d', async (fault, exitCode, code) => {
    const id = elect();
    desk.world.nns.setFault(fault);
    const end = await desk.check(['-p', id]);
    expect([end.exitCode, end.stdout]).toEqual([exitCode, '']);
    expect(end.stderr).toContain(`repro-quorum: ${code}: `);
  });

  test('of another root key is not believed: exit code 4', async () => {
    const id = elect();
    // Without the variable the key is the Internet Computer's own.
    const end = await desk.check(['-p', id], { REPRO_QUORUM_NNS_ROOT_KEY: '' });
    expect([end.exitCode, end.stderr]).toEqual([4, expect.stringContaining('UNCERTIFIED')]);
  });
});

describe('a dashboard', () => {
  const reported = async (fault: DashboardFault | null): Promise<ReportEnd> => {
    const id = elect();
    desk.world.dashboard.setFault(fault);
    return desk.report(['-p', id]);
  };

  test('that shows the same agrees', async () => {
    const { report } = await reported(null);
    expect(report.proposal?.dashboard).toEqual({ state: 'agrees', differences: [], error: null });
  });

  test.each<[string, DashboardFault & { kind: 'lies' }, field: string]>([
    ['another digest', { kind: 'lies' }, 'sha256'],
    [
      'another version',
      { kind: 'lies', payload: { replica_version_to_elect: 'f'.repeat(40) } },
      'version',
    ],
    ['other URLs', { kind: 'lies', payload: { release_package_urls: [] } }, 'urls'],
    [
      'measurements where there are none',
      {
        kind: 'lies',
        payload: {
          guest_launch_measurements: {
            guest_launch_measurements: [{ measurement: 'ab', metadata: { kernel_cmdline: 'x' } }],
          },
        },
      },
      'launch measurements',
    ],
  ])('that shows %s is said to differ, and what is certified is checked', async (_, lie, field) => {
    const { report } = await reported(lie);
    expect(report.proposal?.dashboard).toMatchObject({
      state: 'differs',
      differences: [{ field }],
    });
    expect([report.commit, report.proposal?.elects?.sha256]).toEqual([commit, sha256]);
  });

  test.each<[string, DashboardFault]>([
    ['that is down', { kind: 'down' }],
    ['that shows a page of HTML', { kind: 'html' }],
    ['that shows a page of HTML as if all were well', { kind: 'html', status: 200 }],
    ['that says far too much', { kind: 'huge', sizeBytes: 8 * 1024 ** 2 }],
  ])('%s was not compared, and nothing else is lost', async (_, fault) => {
    const { report } = await reported(fault);
    expect(report.proposal?.dashboard).toMatchObject({ state: 'no-answer', differences: [] });
    expect(report.proposal?.elects?.sha256).toBe(sha256);
  });
});
