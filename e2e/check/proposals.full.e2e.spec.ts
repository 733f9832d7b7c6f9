import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProposalSpec } from '../world/nns/index.js';
import { openCheckDesk, type CheckDesk, type CheckEnd } from './check-desk.js';

/** Nothing is built of it. */
const commit = '0123456789012345678901234567890123456789';
const sha256 = 'a'.repeat(64);
const SUBNET_ID = 'tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe';

let desk: CheckDesk;
beforeAll(async () => {
  desk = await openCheckDesk();
});
afterAll(() => desk.close());

const urls = () => [desk.world.systems, desk.world.network].map(({ url }) => `${url}/image`);
const election = () => ({ commit, sha256, urls: urls() });
const propose = (spec: ProposalSpec): string => desk.world.nns.propose(spec).toString();
const plan = (id: string): Promise<CheckEnd> => desk.check(['-p', id, '--dry-run', '--json']);

async function electedBy(spec: ProposalSpec): Promise<string> {
  const { stdout, stderr } = await plan(propose(spec));
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { proposal: { elects: string } }).proposal.elects;
}

describe.concurrent('what a proposal elects', () => {
  test.each<[string, () => ProposalSpec, elects: string]>([
    ['GuestOS by function 38', () => ({ kind: 'elect-guestos', ...election() }), 'guestos'],
    [
      'GuestOS as in 2023, with a measurement that is null',
      () => ({ kind: 'elect-guestos-2023', ...election() }),
      'guestos',
    ],
    [
      'GuestOS by function 5, of 2021',
      () => ({ kind: 'bless', commit, sha256, packageUrl: urls()[0]! }),
      'guestos',
    ],
    [
      'HostOS by function 50, which has no measurements',
      () => ({ kind: 'elect-hostos', ...election() }),
      'hostos',
    ],
    [
      'HostOS by function 40',
      () => ({ kind: 'elect-hostos', nnsFunction: 40, ...election() }),
      'hostos',
    ],
  ])('is %s', async (_, spec, elects) => {
    expect(await electedBy(spec())).toBe(`${elects}/update-img`);
  });

  test('is HostOS, whatever its title, summary and URL tell of the other', async () => {
    const words = 'replica_version_to_elect, guest_launch_measurements';
    const texts = { title: words, summary: words, url: `https://x/replica_version_to_elect` };
    const spec: ProposalSpec = { kind: 'elect-hostos', ...texts, ...election() };
    expect(await electedBy(spec)).toBe('hostos/update-img');
  });

  test('is GuestOS, whatever its title, summary and URL tell of the other', async () => {
    const texts = { title: 'hostos_version_to_elect', summary: 'hostos_version_to_elect' };
    const spec: ProposalSpec = { kind: 'elect-guestos', ...texts, ...election() };
    expect(await electedBy(spec)).toBe('guestos/update-img');
  });

  test('is not what its payload looks like: the payload of another function is refused', async () => {
    const { nns } = desk.world;
    const payload = nns.payloadOf(nns.propose({ kind: 'elect-guestos', ...election() }))!;
    const { exitCode, stderr } = await plan(propose({ kind: 'raw', nnsFunction: 50, payload }));
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('MALFORMED_PAYLOAD')]);
  });
});

describe.concurrent('there is nothing to check in a proposal', () => {
  test.each<[string, () => ProposalSpec, RegExp]>([
    [
      'that only unelects',
      () => ({ kind: 'unelect', os: 'guestos', unelects: [commit] }),
      /only unelects versions: there is nothing to build/,
    ],
    [
      'that deploys to a subnet, and the commit to check is named',
      () => ({ kind: 'deploy-to-subnet', commit, subnetId: SUBNET_ID }),
      new RegExp(`deploys a version that was elected earlier\\s+.*check -c ${commit}`),
    ],
    [
      'that deploys HostOS',
      () => ({ kind: 'deploy-hostos', commit, nodeIds: [SUBNET_ID] }),
      /deploys a version/,
    ],
    ['that is a motion', () => ({ kind: 'motion', text: 'Let us.' }), /executes no NNS function/],
    [
      'of an NNS function that has nothing to do with IC-OS',
      () => ({ kind: 'raw', nnsFunction: 52, payload: new Uint8Array([1]) }),
      /NOT_IC_OS: .*subnet rental request/,
    ],
  ])('%s: exit code 2', async (_, spec, words) => {
    const { exitCode, stdout, stderr } = await plan(propose(spec()));
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringMatching(words)]);
  });

  test('that never was: it is certified that there is none, exit code 2', async () => {
    const { exitCode, stderr } = await plan('999999');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('certifies that it knows no proposal 999999'),
    ]);
  });

  test('that was purged, though the dashboard has it: nobody signs for that, and -c is named', async () => {
    const id = propose({ kind: 'elect-guestos', ...election() });
    desk.world.nns.purge(BigInt(id));
    const { exitCode, stderr } = await plan(id);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /it never was, or was purged\s.*take its commit, and check that with -c/,
    );
    expect(desk.world.dashboard.requests).not.toContain(`GET /api/v3/proposals/${id}`);
  });
});
