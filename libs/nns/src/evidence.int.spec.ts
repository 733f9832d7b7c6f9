import { HttpAgent, isV3ResponseBody } from '@dfinity/agent';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNns, type Fault, type Nns } from '../../../e2e/world/nns/index.js';
import {
  createGovernance,
  evidenceFromJson,
  evidenceToJson,
  GOVERNANCE_CANISTER_ID,
  verifyEvidence,
  type Evidence,
  type EvidenceRequest,
  type Proposal,
} from './index.js';
import { computeRequestId } from './request-id.js';
import { encodeQuestion } from './verification.js';

const spec = { kind: 'deploy-to-unassigned-nodes', commit: 'a'.repeat(40) } as const;
/** A prime, so that every kind of byte in a certificate is hit without trying each. */
const STRIDE = 61;

describe.each([false, true])('evidence with a delegation: %j', (delegation) => {
  let nns: Nns;
  let rootKey: Uint8Array;
  let evidence: Evidence;
  let other: Evidence;
  let proposal: Proposal;

  beforeAll(async () => {
    nns = await startNns({ delegation });
    ({ rootKey } = nns);
    const governance = await createGovernance({ host: nns.url, rootKey });
    ({ evidence, proposal } = await governance.readProposal(nns.propose(spec)));
    ({ evidence: other } = await governance.readProposal(nns.propose(spec)));
  });
  afterAll(() => nns.close());

  const refused = { code: 'UNCERTIFIED' };
  const verify = (changed: Evidence) => verifyEvidence(changed, { rootKey });
  const verifyRequest = (changed: Partial<EvidenceRequest>) => {
    const request = { ...evidence.request, ...changed };
    return verify({ ...evidence, request });
  };

  test('proves the proposal after its way through text', async () => {
    const read = evidenceFromJson(JSON.parse(JSON.stringify(evidenceToJson(evidence))));
    expect((await verify(read)).proposal).toEqual(proposal);
  });

  test('proves nothing under another root key', async () => {
    await expect(verifyEvidence(evidence)).rejects.toMatchObject(refused);
  });

  test('proves nothing with a flipped byte in its certificate', async () => {
    const { certificate } = evidence;
    for (let index = 0; index < certificate.length; index += STRIDE) {
      await expect(
        verify({ ...evidence, certificate: flip(certificate, index) }),
      ).rejects.toMatchObject(refused);
    }
    await expect(
      verify({ ...evidence, certificate: certificate.slice(0, -1) }),
    ).rejects.toMatchObject(refused);
  });

  test('proves nothing with a length in its certificate that lies, or a byte after its end', async () => {
    const { certificate } = evidence;
    const bytes = Buffer.from(certificate);
    for (const label of ['certificate', 'signature']) {
      const head = bytes.lastIndexOf(label) + label.length;
      for (let bit = 0; bit < 24 && bytes.includes(label); bit += 1) {
        const changed = flip(certificate, head + (bit >> 3), 1 << (bit & 7));
        await expect(verify({ ...evidence, certificate: changed })).rejects.toMatchObject(refused);
      }
    }
    const longer = Uint8Array.of(...certificate, 0);
    await expect(verify({ ...evidence, certificate: longer })).rejects.toMatchObject(refused);
  });

  test('proves nothing with any other request', async () => {
    const { argument, nonce, ingressExpiryNs } = evidence.request;
    const { requestId } = evidence;
    const changes: Partial<EvidenceRequest>[] = [
      { argument: encodeQuestion(proposal.id + 1n) },
      { argument: flip(argument, 0) },
      { argument: new Uint8Array() },
      { nonce: null },
      { nonce: flip(nonce!, 3) },
      { ingressExpiryNs: ingressExpiryNs + 1n },
      { method: 'get_neuron_info' },
      { canisterId: 'rwlgt-iiaaa-aaaaa-aaaaa-cai' },
      { sender: 'aaaaa-aa' },
      { sender: 'nobody' },
    ];
    for (const change of changes)
      await expect(verifyRequest(change)).rejects.toMatchObject(refused);
    await expect(verify({ ...evidence, requestId: flip(requestId, 9) })).rejects.toMatchObject(
      refused,
    );
  });

  test("proves nothing with another proposal's request or certificate", async () => {
    const { request, requestId, certificate } = other;
    await expect(verify({ ...evidence, request, requestId })).rejects.toMatchObject(refused);
    await expect(verify({ ...evidence, certificate })).rejects.toMatchObject(refused);
  });

  test('proves nothing about the governance canister of another network', async () => {
    const canisterId = 'rwlgt-iiaaa-aaaaa-aaaaa-cai';
    await expect(verifyEvidence(evidence, { rootKey, canisterId })).rejects.toMatchObject(refused);
  });

  test('proves nothing when signed long before its request', async () => {
    const old = await callRaw(nns, 'outdated', proposal.id);
    await expect(verify(old)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('more than 10 minutes away') as string,
    });
  });

  test('tells a certified rejection from a missing proof', async () => {
    const rejection = await callRaw(nns, 'reject', proposal.id);
    await expect(verify(rejection)).rejects.toMatchObject({ code: 'REJECTED' });
  });
});

function flip(bytes: Uint8Array, index: number, mask = 1): Uint8Array {
  return bytes.map((byte, position) => (position === index ? byte ^ mask : byte));
}

/** Makes evidence by the bare agent, which judges nothing. */
async function callRaw(nns: Nns, fault: Fault, id: bigint): Promise<Evidence> {
  const agent = await HttpAgent.create({ host: nns.url, rootKey: nns.rootKey });
  nns.setFault(fault);
  const call = { methodName: 'get_proposal_info', arg: encodeQuestion(id) };
  const { response, requestDetails } = await agent.call(GOVERNANCE_CANISTER_ID, call);
  nns.setFault(null);
  if (!isV3ResponseBody(response.body)) throw new Error('no certificate');
  const request = {
    sender: '2vxsx-fae',
    canisterId: GOVERNANCE_CANISTER_ID,
    method: call.methodName,
    argument: call.arg,
    nonce: requestDetails!.nonce!,
    ingressExpiryNs: requestDetails!.ingress_expiry.toBigInt(),
  };
  const { certificate } = response.body;
  return { certificate, request, requestId: computeRequestId(request) };
}
