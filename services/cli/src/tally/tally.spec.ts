import { describe, expect, test } from 'vitest';
import {
  createSigner,
  refOf,
  Release,
  resultStatement,
  signStatement,
  type Envelope,
  type Result,
} from '#libs/attestation';
import { parseThreshold } from '#libs/consensus';
import { RosterFile } from '#libs/contracts';
import { sha256, toBase64 } from '#libs/encoding';
import type { Found } from './attestation-files.js';
import { readRoster } from './roster.js';
import { tally } from './tally.js';

const TIME = '2026-01-01T00:00:00Z';
const [a, b, c, stranger] = [1, 2, 3, 4].map((seed) => createSigner(new Uint8Array(32).fill(seed)));
const release = Release.parse({
  name: 'hello-1.0',
  source: { digest: { sha256: sha256('source') } },
  artifacts: [{ name: 'hello', path: 'bin/hello', expected: sha256('A'), elected: true }],
});
const roster = readRoster({
  operators: [
    { operator: 'ann', builders: [keyOf(a), keyOf(b)] },
    { operator: 'cem', builders: [keyOf(c)] },
  ],
});

type Signer = typeof a;

function keyOf(signer: Signer): { publicKey: string } {
  return { publicKey: toBase64(signer!.publicKey) };
}

function says(
  signer: Signer,
  bytes: string,
  name = 'hello',
  path = 'bin/hello',
  shown: Partial<Extract<Result, { kind: 'built' }>> = {},
): Envelope {
  const statement = resultStatement({
    ...{ kind: 'built', round: null, builder: signer!.id, release: refOf(release) },
    ...{ salt: toBase64(new Uint8Array(32)), agentVersion: 'test', agentDigest: null },
    ...{ startedAt: TIME, finishedAt: TIME },
    environment: { source: 'declared', facts: {}, withheld: [] },
    outputs: [{ name, path, sha256: sha256(bytes), sizeBytes: null }],
    ...{ published: [], inputs: {}, logSha256: null },
    ...shown,
  });
  return signStatement(statement, signer!);
}

function tallied(...envelopes: Envelope[]): ReturnType<typeof tally> {
  const found = envelopes.map((envelope, at): Found => ({ file: `${at}`, line: 1, envelope }));
  return tally(release, roster, parseThreshold('2'), found);
}

describe('a tally', () => {
  test('does not depend on the order of what it is given', () => {
    const envelopes = [says(a, 'A'), says(b, 'B'), says(c, 'A')];
    const { artifacts } = tallied(...envelopes);
    expect(tallied(...envelopes.toReversed()).artifacts).toEqual(artifacts);
    expect(artifacts[0]?.selfContradicting).toHaveLength(1);
  });

  test('counts an attestation once, however often it is there', () => {
    const { artifacts, counted } = tallied(says(c, 'A'), says(c, 'A'), says(c, 'A'));
    expect(artifacts[0]?.clusters).toMatchObject([{ operators: ['cem'], builders: [c?.id] }]);
    expect(counted).toHaveLength(3);
    expect(new Set(counted.map(({ attestation }) => attestation)).size).toBe(1);
  });

  test('a key of the roster cannot speak for another one on it', () => {
    const stolen = { ...says(c, 'A'), signatures: says(a, 'A').signatures };
    const { refused, counted } = tallied(stolen);
    expect([refused[0]?.code, counted]).toEqual(['BAD_SIGNATURE', []]);
  });

  test('a stranger that names a builder of the roster is refused, one that names itself is apart', () => {
    const forged = { ...says(c, 'X'), signatures: says(stranger, 'X').signatures };
    const { refused, outsideRoster } = tallied(forged, says(stranger, 'X'));
    expect(refused.map(({ code }) => code)).toEqual(['BAD_SIGNATURE']);
    expect(outsideRoster).toEqual([{ file: '1', line: 1, builder: stranger?.id }]);
  });

  test('shows no work: what others left on the way can be copied from their attestations', () => {
    const found = { sha256: sha256('tree'), bound: sha256('tree in the round') };
    const shown = {
      round: sha256('round'),
      intermediates: [{ name: 'tree', artifacts: ['hello'], found }],
    };
    const all = [a, b, c].map((signer) => says(signer, 'A', 'hello', 'bin/hello', shown));
    const [artifact] = tallied(...all).artifacts;
    expect(artifact?.clusters).toMatchObject([{ operators: ['ann', 'cem'] }]);
    expect(artifact?.flags).not.toContain('work-shown');
  });

  test("a digest cannot take another artifact's name", () => {
    const { refused, artifacts } = tallied(says(c, 'A', 'hello', 'bin/other'));
    expect([refused[0]?.code, artifacts[0]?.clusters]).toEqual(['MALFORMED_STATEMENT', []]);
  });

  test('an artifact that nobody asked for changes nothing', () => {
    const { artifacts, refused } = tallied(says(c, 'A', 'other', 'bin/other'));
    expect([refused, artifacts.length, artifacts[0]?.clusters]).toEqual([[], 1, []]);
  });
});

describe('a roster', () => {
  const rotated = { ...keyOf(b), builder: a!.id };
  const ann = (...builders: object[]): unknown => ({
    operators: [{ operator: 'ann', ...keyOf(stranger), builders }],
  });
  const read = (file: unknown): ReturnType<typeof readRoster> => readRoster(RosterFile.parse(file));

  test('names a builder by its first key’s id where a log entry gave it another key', () => {
    const { keys } = read(ann({ ...rotated, keyIndex: 7 }));
    expect([...keys]).toEqual([[a!.id, b!.publicKey]]);
    expect(() => read(ann(rotated))).toThrow('with the key of');
  });

  test.each<[string, object[]]>([
    ['the operator’s own', [keyOf(stranger)]],
    ['another builder’s', [keyOf(b), { ...rotated, keyIndex: 7 }]],
  ])('in which a builder has %s key is refused', (_whose, builders) => {
    expect(() => read(ann(...builders))).toThrow('twice');
  });
});
