import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { ListProposalInfo } from '../../../e2e/world/nns/governance-interface.js';
import { startNns, type Fault, type Nns } from '../../../e2e/world/nns/index.js';
import {
  createGovernance,
  decodePayload,
  GOVERNANCE_CANISTER_ID,
  type Governance,
  NnsError,
  type NnsErrorCode,
} from './index.js';

const commit = 'bcac7ca3862fd8409d56d9dcda919a5f25acbbd4';
const sha256 = '2292b72f5e3cad65651fb8a7858cd5efdbb537b20a7388bb8a01e31f8f047bb1';
const urls = [
  `https://download.dfinity.systems/ic/${commit}/guest-os/update-img/update-img.tar.zst`,
  `https://download.dfinity.network/ic/${commit}/guest-os/update-img/update-img.tar.zst`,
];
const measurements = ['A', 'B'].map((slot) => ({
  kernelCmdline: `root=/dev/disk/by-partuuid/7c0a626e-e5ea-e543-b5c5-300eb8304db7 console=ttyS0 nomodeset dfinity.system=${slot} security=selinux selinux=1 enforcing=1 root_hash=${'5'.repeat(64)}`,
  measurement: 'ab'.repeat(48),
}));
const unelects = ['1'.repeat(40), '2'.repeat(40)];
/** Faults that whoever reads a message has to tell from each other. */
const UNLIKE: readonly Fault[] = [
  ...(['forged-answer', 'no-signatures', 'unknown-node', 'wrong-root', 'outdated'] as const),
  ...(['stray-canister-range', 'unreachable', 'reject', 'captive-portal'] as const),
];

describe.each([false, true])('with a delegation: %j', (delegation) => {
  let nns: Nns;
  let governance: Governance;
  let election: bigint;

  beforeAll(async () => {
    nns = await startNns({ delegation });
    election = nns.propose({
      kind: 'elect-guestos',
      ...{ commit, sha256, urls, measurements, unelects },
    });
    governance = await createGovernance({ host: nns.url, rootKey: nns.rootKey });
  });
  afterEach(() => {
    nns.setFault(null);
  });
  afterAll(() => nns.close());

  test('a proposal is read under the certificate of its subnet', async () => {
    const { proposal, evidence, certifiedTimeNs } = await governance.readProposal(election);
    expect(proposal).toMatchObject({ id: election, topic: 13, status: 'open', nnsFunction: 38 });
    expect(proposal.payload).toEqual(nns.payloadOf(election));
    expect(evidence.request).toMatchObject({ method: 'get_proposal_info', sender: '2vxsx-fae' });
    expect(Math.abs(Number(certifiedTimeNs / 1_000_000n) - Date.now())).toBeLessThan(60_000);
  });

  test('a busy subnet is waited for', async () => {
    nns.setFault('busy');
    const { proposal } = await governance.readProposal(election);
    expect(proposal.id).toBe(election);
  });

  test('each fault has its own code, for a read and for a listing, in words of its own, and no noise', async () => {
    const noise = (['log', 'warn', 'error', 'group'] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation(() => undefined),
    );
    // On the root subnet itself nothing delegates, so only a listing's node keys name ranges.
    const strayRead = delegation ? 'UNCERTIFIED' : 'read';
    const expected: Record<Exclude<Fault, 'busy'>, [string, NnsErrorCode]> = {
      'bad-signature': ['UNCERTIFIED', 'UNCERTIFIED'],
      'wrong-root': ['UNCERTIFIED', 'UNCERTIFIED'],
      'stray-canister-range': [strayRead, 'UNCERTIFIED'],
      'no-certificate': ['UNCERTIFIED', 'UNCERTIFIED'],
      'forged-answer': ['read', 'UNCERTIFIED'],
      'no-signatures': ['read', 'UNCERTIFIED'],
      'unknown-node': ['read', 'UNCERTIFIED'],
      'captive-portal': ['UNCERTIFIED', 'UNCERTIFIED'],
      'clock-skew': ['CERTIFICATE_OUTDATED', 'CERTIFICATE_OUTDATED'],
      outdated: ['CERTIFICATE_OUTDATED', 'CERTIFICATE_OUTDATED'],
      overloaded: ['UNREACHABLE', 'UNREACHABLE'],
      unreachable: ['UNREACHABLE', 'UNREACHABLE'],
      reject: ['REJECTED', 'REJECTED'],
    };
    const found: Record<string, unknown> = {};
    const messages = new Map<Fault, unknown>();
    for (const fault of Object.keys(expected) as Fault[]) {
      nns.setFault(fault);
      found[fault] = await Promise.all([
        governance.readProposal(election).then(() => 'read', codeOf),
        governance.listOpenElections().then(
          () => 'listed',
          (error: unknown) => {
            messages.set(fault, error instanceof NnsError ? error.message : error);
            return codeOf(error);
          },
        ),
      ]);
    }
    expect(found).toEqual(expected);
    const told = UNLIKE.map((fault) => messages.get(fault));
    expect(new Set(told).size, JSON.stringify(told)).toBe(UNLIKE.length);
    for (const spy of noise) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });
});

describe('the governance canister', () => {
  let nns: Nns;
  let governance: Governance;

  beforeAll(async () => {
    nns = await startNns();
    governance = await createGovernance({ host: nns.url, rootKey: nns.rootKey });
  });
  afterAll(() => nns.close());

  test('a payload over 1,000 bytes is blank in a listing and whole in a certified read', async () => {
    const id = nns.propose({
      kind: 'elect-guestos',
      ...{ commit, sha256, urls, measurements, unelects },
    });
    expect(nns.payloadOf(id)!.length).toBeGreaterThan(1000);

    const listed = await listRaw(nns);
    expect(() => decodePayload(38, listed)).toThrow(
      expect.objectContaining({ code: 'PAYLOAD_BLANKED' }),
    );
    const { proposal } = await governance.readProposal(id);
    expect(decodePayload(38, proposal.payload!)).toMatchObject({ kind: 'elects', commit, urls });
  });

  test('open elections are found page by page, newest first, and nothing else', async () => {
    const spec = { kind: 'elect-hostos', commit, sha256, urls } as const;
    nns.propose({ kind: 'motion', text: 'let us' });
    const first = nns.propose(spec);
    nns.propose({ kind: 'deploy-to-unassigned-nodes', commit });
    const closed = nns.propose(spec);
    const second = nns.propose(spec);
    nns.setStatus(closed, 'executed');

    expect(await governance.listOpenElections({ limit: 2 })).toEqual([second, first]);
    expect(await governance.listOpenElections({ beforeId: second, limit: 1 })).toEqual([first]);
  });

  test('a proposal without an NNS function has no payload', async () => {
    const id = nns.propose({
      kind: 'upgrade-canister',
      canisterId: 'rwlgt-iiaaa-aaaaa-aaaaa-cai',
    });
    const { proposal } = await governance.readProposal(id);
    expect(proposal).toMatchObject({ nnsFunction: null, payload: null });
  });

  test('a proposal that does not exist is certified not to', async () => {
    await expect(governance.readProposal(1n)).rejects.toMatchObject({ code: 'NO_SUCH_PROPOSAL' });
  });

  test('another canister is not believed in its place', async () => {
    const other = await createGovernance({
      ...{ host: nns.url, rootKey: nns.rootKey },
      canisterId: 'rwlgt-iiaaa-aaaaa-aaaaa-cai',
    });
    await expect(other.listOpenElections()).rejects.toMatchObject({ code: 'UNCERTIFIED' });
  });

  test('a host that is not there is unreachable', async () => {
    const gone = await startNns();
    await gone.close();
    const nobody = await createGovernance({ host: gone.url, rootKey: gone.rootKey });
    await expect(nobody.readProposal(1n)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    await expect(nobody.listOpenElections()).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });

  test("the Internet Computer's root key is the default, and is not fetched from the host", async () => {
    const pinned = await createGovernance({ host: nns.url });
    await expect(pinned.readProposal(1n)).rejects.toMatchObject({ code: 'UNCERTIFIED' });
  });

  test.each([
    { host: 'icp-api.io' },
    { host: 'ftp://icp-api.io' },
    { host: 'https://icp-api.io', timeoutMs: 0 },
    { host: 'https://icp-api.io', canisterId: 'governance' },
    { host: 'https://icp-api.io', rootKey: new Uint8Array(96) },
  ])('%j is no configuration', async (options) => {
    await expect(createGovernance(options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}

/** Reads the newest proposal's payload out of a listing, as a careless reader would. */
async function listRaw(nns: Nns): Promise<Uint8Array> {
  const agent = await HttpAgent.create({ host: nns.url, rootKey: nns.rootKey, retryTimes: 0 });
  const ExecuteNnsFunction = IDL.Record({ payload: IDL.Vec(IDL.Nat8) });
  const Proposal = IDL.Record({ action: IDL.Opt(IDL.Variant({ ExecuteNnsFunction })) });
  const Listing = IDL.Record({
    proposal_info: IDL.Vec(IDL.Record({ proposal: IDL.Opt(Proposal) })),
  });
  const actor = Actor.createActor<{ list_proposals: (question: object) => Promise<unknown> }>(
    () => IDL.Service({ list_proposals: IDL.Func([ListProposalInfo], [Listing], ['query']) }),
    { agent, canisterId: GOVERNANCE_CANISTER_ID },
  );
  const listing = await actor.list_proposals({
    ...{ include_reward_status: [], omit_large_fields: [], before_proposal: [], limit: 1 },
    ...{ exclude_topic: [], include_all_manage_neuron_proposals: [], include_status: [] },
  });
  const { proposal_info } = listing as {
    proposal_info: [{ proposal: [{ action: [{ ExecuteNnsFunction: { payload: Uint8Array } }] }] }];
  };
  return proposal_info[0].proposal[0].action[0].ExecuteNnsFunction.payload;
}
