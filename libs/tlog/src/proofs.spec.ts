import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TlogError, verifyConsistency, verifyInclusion } from './index.js';

const folder = new URL('../vectors/merkle/', import.meta.url);

interface Vector {
  readonly desc: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly [field: string]: unknown;
}

// Sizes and indices exceed 2^53, so numbers are taken from the source text.
function load(kind: 'inclusion' | 'consistency'): [string, Vector][] {
  const files = readdirSync(new URL(kind, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const text = readFileSync(new URL(`${kind}/${encodeURI(file)}`, folder), 'utf8');
      const vector = JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
        typeof value === 'number' ? BigInt(context?.source ?? 'no source') : value,
      ) as Vector;
      return [file, vector];
    });
}

const bytes = (text: unknown): Uint8Array => new Uint8Array(Buffer.from(text as string, 'base64'));

function outcome(run: () => void): boolean {
  try {
    run();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(TlogError);
    return false;
  }
}

describe('inclusion proofs of others', () => {
  const vectors = load('inclusion');
  test('are all there', () => {
    expect(vectors).toHaveLength(98);
  });

  test.each(vectors)('%s', (_file, vector) => {
    const accepted = outcome(() => {
      verifyInclusion({
        leafHash: bytes(vector['leafHash']),
        index: vector['leafIdx'] as bigint,
        size: vector['treeSize'] as bigint,
        proof: (vector.proof ?? []).map(bytes),
        root: bytes(vector['root']),
      });
    });
    expect(accepted, vector.desc).toBe(!vector.wantErr);
  });
});

describe('consistency proofs of others', () => {
  const vectors = load('consistency');
  test('are all there', () => {
    expect(vectors).toHaveLength(98);
  });

  test.each(vectors)('%s', (_file, vector) => {
    const accepted = outcome(() => {
      verifyConsistency({
        size1: vector['size1'] as bigint,
        root1: bytes(vector['root1']),
        size2: vector['size2'] as bigint,
        root2: bytes(vector['root2']),
        proof: (vector.proof ?? []).map(bytes),
      });
    });
    expect(accepted, vector.desc).toBe(!vector.wantErr);
  });
});

describe('any numbers and any bytes', () => {
  const hash = fc.uint8Array({ minLength: 31, maxLength: 33 });
  const number = fc.bigInt({ min: -2n, max: 2n ** 65n });
  const proof = fc.array(hash, { maxLength: 70 });

  test('end in a TlogError', () => {
    fc.assert(
      fc.property(number, number, hash, hash, proof, (a, b, one, two, path) => {
        outcome(() => {
          verifyInclusion({ leafHash: one, index: a, size: b, proof: path, root: two });
        });
        outcome(() => {
          verifyConsistency({ size1: a, root1: one, size2: b, root2: two, proof: path });
        });
      }),
    );
  });

  test.each([
    [0n, 0n],
    [1n, 1n],
    [-1n, 1n],
    [0n, 2n ** 64n],
  ])('leaf %i of %i is out of range', (index, size) => {
    const root = new Uint8Array(32);
    expect(() => {
      verifyInclusion({ leafHash: root, index, size, proof: [], root });
    }).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
  });
});
