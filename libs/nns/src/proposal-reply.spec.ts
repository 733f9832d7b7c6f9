import { IDL } from '@dfinity/candid';
import { describe, expect, test } from 'vitest';
import { ProposalInfo } from '../../../e2e/world/nns/governance-interface.js';
import { storeProposal, toProposalInfo } from '../../../e2e/world/nns/proposal-info.js';
import type { ProposalSpec } from '../../../e2e/world/nns/proposal-spec.js';
import { decodeListReply, encodeListQuestion } from './open-elections.js';
import { decodeProposalReply } from './proposal-reply.js';

const id = 138_000n;
const election: ProposalSpec = {
  kind: 'raw',
  nnsFunction: 38,
  payload: new Uint8Array([1, 2, 3]),
  title: 'Elect',
};

function encode(spec: ProposalSpec): Uint8Array {
  return IDL.encode([IDL.Opt(ProposalInfo)], [[toProposalInfo(storeProposal(id, spec), false)]]);
}

/** A reply of an interface with other types in the places that are read. */
function encodeOther(proposal: IDL.Type, value: unknown): Uint8Array {
  const Id = IDL.Record({ id: IDL.Nat64 });
  const Info = IDL.Record({
    id: IDL.Opt(Id),
    status: IDL.Int32,
    topic: IDL.Int32,
    proposal_timestamp_seconds: IDL.Nat64,
    proposal: IDL.Opt(proposal),
  });
  const info = { id: [{ id }], status: 1, topic: 13, proposal_timestamp_seconds: 5n };
  return IDL.encode([IDL.Opt(Info)], [[{ ...info, proposal: [value] }]]);
}

describe('a proposal', () => {
  test('is read out of the full interface', () => {
    expect(decodeProposalReply(id, encode(election))).toMatchObject({
      ...{ id, title: 'Elect', topic: 13, status: 'open', proposer: 2649066124191664356n },
      ...{ nnsFunction: 38, payload: new Uint8Array([1, 2, 3]) },
    });
  });

  test.each<ProposalSpec>([
    { kind: 'motion', text: 'let us' },
    { kind: 'upgrade-canister', canisterId: 'rwlgt-iiaaa-aaaaa-aaaaa-cai' },
  ])('with the action of a $kind executes no function', (spec) => {
    expect(decodeProposalReply(id, encode(spec))).toMatchObject({
      ...{ nnsFunction: null, payload: null },
    });
  });

  test('with an action of the future executes no function', () => {
    const Action = IDL.Variant({ CreateMoon: IDL.Record({ size: IDL.Nat64 }), Motion: IDL.Text });
    const Proposal = IDL.Record({
      url: IDL.Text,
      summary: IDL.Text,
      action: IDL.Opt(Action),
      self_describing_action: IDL.Opt(IDL.Text),
    });
    const value = {
      ...{ url: '', summary: '', self_describing_action: ['moon'] },
      action: [{ CreateMoon: { size: 1n } }],
    };
    expect(decodeProposalReply(id, encodeOther(Proposal, value))).toMatchObject({
      nnsFunction: null,
      title: null,
      deadlineTimestampSeconds: null,
    });
  });

  test('whose function is told in another way is not taken for one without', () => {
    const Execute = IDL.Record({ nns_function: IDL.Text, payload: IDL.Vec(IDL.Nat8) });
    const Proposal = IDL.Record({
      url: IDL.Text,
      summary: IDL.Text,
      action: IDL.Opt(IDL.Variant({ ExecuteNnsFunction: Execute })),
    });
    const action = [{ ExecuteNnsFunction: { nns_function: '38', payload: new Uint8Array(1) } }];
    const reply = encodeOther(Proposal, { url: '', summary: '', action });
    expect(() => decodeProposalReply(id, reply)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_ANSWER' }),
    );
  });

  test('in another interface is not taken for none', () => {
    const reply = IDL.encode([IDL.Opt(IDL.Record({ number: IDL.Nat64 }))], [[{ number: id }]]);
    expect(() => decodeProposalReply(id, reply)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_ANSWER' }),
    );
  });

  test('that is null does not exist', () => {
    const reply = IDL.encode([IDL.Opt(ProposalInfo)], [[]]);
    expect(() => decodeProposalReply(id, reply)).toThrow(
      expect.objectContaining({ code: 'NO_SUCH_PROPOSAL' }),
    );
  });

  test('other than the one asked for is refused', () => {
    expect(() => decodeProposalReply(1n, encode(election))).toThrow(
      expect.objectContaining({ code: 'MALFORMED_ANSWER' }),
    );
  });

  test.each([new Uint8Array(), new Uint8Array(100), new TextEncoder().encode('DIDL')])(
    'of hostile bytes is refused',
    (reply) => {
      expect(() => decodeProposalReply(id, reply)).toThrow(
        expect.objectContaining({ code: 'MALFORMED_ANSWER' }),
      );
    },
  );
});

describe('a listing', () => {
  test('gives ids of open elections only, each once', () => {
    const info = (number: bigint, topic: number, status: number) => ({
      ...{ id: [{ id: number }], topic, status },
    });
    const Item = IDL.Record({
      id: IDL.Opt(IDL.Record({ id: IDL.Nat64 })),
      topic: IDL.Int32,
      status: IDL.Int32,
    });
    const reply = IDL.encode(
      [IDL.Record({ proposal_info: IDL.Vec(Item) })],
      [{ proposal_info: [info(9n, 13, 1), info(9n, 13, 1), info(8n, 12, 1), info(7n, 13, 4)] }],
    );
    expect(decodeListReply(reply)).toEqual([9n]);
  });

  test('of 2^28 weightless values is refused at once', () => {
    const header = [0x44, 0x49, 0x44, 0x4c, 2, 0x6c, 1, 0, 0x7f, 0x6d, 0, 1, 1];
    const bomb = Uint8Array.of(...header, 0xff, 0xff, 0xff, 0x7f);
    expect(() => decodeListReply(bomb)).toThrow(/values without bytes/);
  });

  test.each([0, 101, 1.5, Number.NaN])('of %d proposals cannot be asked for', (limit) => {
    expect(() => encodeListQuestion({ limit })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
