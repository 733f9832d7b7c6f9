import { toHex } from '#libs/encoding';
import { Principal } from '@dfinity/principal';
import { describe, expect, test } from 'vitest';
import {
  evidenceFromJson,
  evidenceToJson,
  verifyEvidence,
  type Evidence,
  type EvidenceJson,
} from './index.js';
import { computeRequestId } from './request-id.js';

const evidence: Evidence = {
  certificate: new Uint8Array([1, 2, 3]),
  request: {
    sender: '2vxsx-fae',
    canisterId: 'rrkah-fqaaa-aaaaa-aaaaq-cai',
    method: 'get_proposal_info',
    argument: new Uint8Array([4, 5]),
    nonce: new Uint8Array(16),
    ingressExpiryNs: 1_685_570_400_000_000_000n,
  },
  requestId: new Uint8Array(32),
};

test("a request's id is the one of the interface specification's example", () => {
  const id = computeRequestId({
    sender: Principal.anonymous().toText(),
    canisterId: Principal.fromUint8Array(new Uint8Array([0, 0, 0, 0, 0, 0, 4, 0xd2])).toText(),
    method: 'hello',
    argument: new Uint8Array(Buffer.from('DIDL\x00\xfd*', 'latin1')),
    nonce: null,
    ingressExpiryNs: 1_685_570_400_000_000_000n,
  });
  expect(toHex(id)).toBe('1d1091364d6bb8a6c16b203ee75467d59ead468f523eb058880ae8ec80e2b101');
});

describe('evidence as JSON', () => {
  test('survives the way through text', () => {
    const json: unknown = JSON.parse(JSON.stringify(evidenceToJson(evidence)));
    expect(evidenceFromJson(json)).toEqual(evidence);
    const bare = { ...evidence, request: { ...evidence.request, nonce: null } };
    expect(evidenceFromJson(evidenceToJson(bare))).toEqual(bare);
  });

  const good = evidenceToJson(evidence);
  test.each<[string, unknown]>([
    ['nothing', null],
    ['a list', [good]],
    ['an unknown key', { ...good, extra: 1 }],
    ['no request', { certificate: good.certificate, requestId: good.requestId }],
    ['loose base64', { ...good, certificate: 'AQID\n' }],
    ['a number as time', withRequest({ ingressExpiryNs: 5 })],
    ['a time in another spelling', withRequest({ ingressExpiryNs: '05' })],
    ['a time beyond 64 bits', withRequest({ ingressExpiryNs: '18446744073709551616' })],
    ['a short request id', { ...good, requestId: 'AQID' }],
  ])('%s is refused', (_name, json) => {
    expect(() => evidenceFromJson(json)).toThrow(expect.objectContaining({ code: 'UNCERTIFIED' }));
  });

  function withRequest(fields: object): object {
    return { ...good, request: { ...good.request, ...fields } } satisfies Record<
      keyof EvidenceJson,
      unknown
    >;
  }
});

test.each([[{ rootKey: new Uint8Array(132) }], [{ canisterId: 'not a principal' }]])(
  'evidence is not judged under %j',
  async (trust) => {
    await expect(verifyEvidence(evidence, trust)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  },
);
