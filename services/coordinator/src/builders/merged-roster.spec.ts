import { describe, expect, test } from 'vitest';
import type { RosterEntry } from '#libs/attestation';
import type { BuilderStatus, BuilderView } from '#libs/contracts';
import { toBase64 } from '#libs/encoding';
import { makeCapabilities, makeOperator, makeSigner } from '#libs/testing';
import { mergeRoster } from './merged-roster.js';

const [ann, ben] = [makeSigner(1), makeSigner(2)];
const keyOf = (seed: number): string => toBase64(makeSigner(seed).publicKey);
const idOf = (seed: number): string => makeSigner(seed).id;

function registered(seed: number, operator = ann, status: BuilderStatus = 'active'): BuilderView {
  return {
    ...{ builder: idOf(seed), publicKey: keyOf(seed), operator: makeOperator(operator), status },
    ...{ statusReason: null, capabilities: makeCapabilities(), tags: [], appliedAt: '' },
    ...{ approvedAt: '', lastSeenAt: null, agentVersion: null, heartbeat: null, calibration: null },
  };
}

function listed(operator: string, seed: number, publicKey?: string): RosterEntry {
  const builders = [{ builder: idOf(seed), publicKey: keyOf(seed) }];
  return { operator, ...(publicKey !== undefined && { publicKey }), builders };
}

const seats = (roster: readonly RosterEntry[]): readonly (readonly [string, readonly string[]])[] =>
  roster.map(({ operator, builders }) => [operator, builders.map(({ builder }) => builder)]);

describe('builders of the registry', () => {
  test('of one operator are one vote, under one label', () => {
    const roster = mergeRoster([], [registered(10), registered(11), registered(12, ben)]);
    expect(seats(roster)).toEqual([
      [ann.id, [idOf(10), idOf(11)]],
      [ben.id, [idOf(12)]],
    ]);
  });

  test('stand under the label that the file has for their operator’s key, or its principal', () => {
    const file = [listed('acme', 20, toBase64(ann.publicKey)), listed(ben.id, 21)];
    expect(seats(mergeRoster(file, [registered(10), registered(12, ben)]))).toEqual([
      ['acme', [idOf(20), idOf(10)]],
      [ben.id, [idOf(21), idOf(12)]],
    ]);
  });

  test('that the file lists too are one builder, and its operator’s as the file says', () => {
    expect(seats(mergeRoster([listed('acme', 10)], [registered(10)]))).toEqual([
      ['acme', [idOf(10)]],
    ]);
  });

  test.for(['paused', 'draining', 'retired', 'revoked'] as const)(
    'that are %s are invited by neither',
    (status) => {
      const both = [registered(10, ann, status), registered(11, ann, status)];
      expect(mergeRoster([listed('acme', 10)], both)).toEqual([]);
    },
  );

  test('whose operator’s key is a builder’s key leave the others’ roster readable', () => {
    const file = [listed('acme', 20)];
    const odd = registered(10, makeSigner(20));
    expect(seats(mergeRoster(file, [odd, registered(12, ben)]))).toEqual([
      ['acme', [idOf(20)]],
      [ben.id, [idOf(12)]],
    ]);
  });
});
