import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  EMPTY_FRONTIER,
  appendLeaves,
  buildConsistencyProof,
  cosign,
  decideCosigning,
  ed25519Signer,
  ed25519Verifier,
  formatAddCheckpoint,
  formatCheckpoint,
  formatCosignerVkey,
  hashLeaf,
  judgeCosignatures,
  addSignatures,
  openCheckpoint,
  openWitnessRequest,
  parsePolicy,
  requiredWitnesses,
  rootOf,
  signNote,
} from './index.js';
import type { Checkpoint } from './index.js';

const origin = 'log.example/ic';
const parties = Array.from({ length: 11 }, () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  return { publicKey: raw, sign: (message: Uint8Array) => sign(null, message, privateKey) };
});
const log = parties[10]!;
const verifiers = [ed25519Verifier(origin, log.publicKey)];
const logs = new Map([[origin, verifiers]]);

// Heads of two forks that share their first two leaves. The log signs all of them.
const SHARED = 2;
const MOST = 5;
const forks = ['a', 'b'].map((fork) => {
  const leaves = Array.from({ length: MOST }, (_, i) => {
    return hashLeaf(Buffer.from(`${i < SHARED ? 'shared' : fork} ${i}`));
  });
  const nodes = new Map(
    appendLeaves(EMPTY_FRONTIER, leaves).nodes.map((node) => [
      `${node.level}/${String(node.index)}`,
      node.hash,
    ]),
  );
  return Array.from({ length: MOST }, (_, i) => {
    const size = i + 1;
    const text = formatCheckpoint({
      origin,
      size: BigInt(size),
      root: rootOf(leaves.slice(0, size)),
    });
    const note = signNote(text, [ed25519Signer(origin, log.publicKey, log.sign)]);
    const proofFrom = (from: number): readonly Uint8Array[] =>
      from === 0 || from > size
        ? []
        : buildConsistencyProof(BigInt(from), BigInt(size), ({ level, index }) =>
            nodes.get(`${level}/${String(index)}`),
          );
    return { fork, size, text, note, proofFrom };
  });
});
const heads = forks.flat();
type Head = (typeof heads)[number];

const isSplit = (one: Head, other: Head): boolean =>
  one.fork !== other.fork && one.size > SHARED && other.size > SHARED;

const cosigned = new Map<string, string>();
function lineOf(witness: number, { text }: Head): string {
  const id = `${witness} ${text}`;
  const line =
    cosigned.get(id) ?? cosign(text, { ...parties[witness]!, name: `w${witness}`, timeS: 1 });
  cosigned.set(id, line);
  return line;
}

function policyOf(n: number, k: number): ReturnType<typeof parsePolicy> {
  const names = Array.from({ length: n }, (_, i) => `w${i}`);
  const lines = names.map((name, i) => {
    return `witness ${name} ${formatCosignerVkey(name, parties[i]!.publicKey)}\n`;
  });
  return parsePolicy(`${lines.join('')}group q ${k} ${names.join(' ')}\nquorum q\n`);
}

interface Ask {
  readonly to: number;
  readonly head: Head;
}

/** Plays an attack: liars cosign every head, the honest only what they decide on. */
function play(n: number, liars: number, asks: readonly Ask[]): Map<Head, string[]> {
  const lines = new Map(heads.map((head) => [head, [] as string[]]));
  for (let liar = 0; liar < liars; liar += 1) {
    for (const head of heads) lines.get(head)!.push(lineOf(liar, head));
  }
  const states = new Map<number, Checkpoint>();
  for (const { to, head } of asks) {
    const witness = liars + (to % Math.max(1, n - liars));
    if (witness >= n) continue;
    const stored = states.get(witness) ?? null;
    const from = Number(stored?.size ?? 0n);
    const body = formatAddCheckpoint({
      oldSize: BigInt(from),
      proof: head.proofFrom(from),
      checkpoint: head.note,
    });
    const request = openWitnessRequest(body, logs);
    if (request.kind !== 'open') throw new Error(request.reason);
    const decided = decideCosigning(request, stored);
    if (decided.kind !== 'cosign') continue;
    states.set(witness, decided.next);
    lines.get(head)!.push(lineOf(witness, head));
  }
  return lines;
}

function sufficientHeads(n: number, k: number, lines: Map<Head, string[]>): readonly Head[] {
  const policy = policyOf(n, k);
  return heads.filter((head) => {
    const note = addSignatures(head.note, lines.get(head)!);
    return judgeCosignatures(policy, openCheckpoint(note, verifiers, origin)).isSufficient;
  });
}

test('no two forks both reach a quorum of k, though n - k witnesses cosign everything', () => {
  const ask = fc.record({ to: fc.nat({ max: 9 }), head: fc.constantFrom(...heads) });
  const attack = fc.array(ask, { minLength: 5, maxLength: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), attack, (n, asks) => {
      const k = requiredWitnesses(n);
      const enough = sufficientHeads(n, k, play(n, n - k, asks));
      for (const one of enough) {
        for (const other of enough) expect(isSplit(one, other)).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});

/** The best attack there is: half of the honest see one fork only, half the other. */
function splitInHalf(): readonly Ask[] {
  const [one, other] = [forks[0]!.at(-1)!, forks[1]!.at(-1)!];
  return Array.from({ length: 10 }, (_, to) => ({ to, head: to % 2 === 0 ? one : other }));
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
  'of %i witnesses, k resist the best split, and one fewer do not',
  (n) => {
    const [one, other] = [forks[0]!.at(-1)!, forks[1]!.at(-1)!];
    const honestAsks = (liars: number): readonly Ask[] =>
      splitInHalf().slice(0, Math.max(0, n - liars));
    const k = requiredWitnesses(n);
    const held = sufficientHeads(n, k, play(n, n - k, honestAsks(n - k)));
    expect(held.includes(one) && held.includes(other)).toBe(false);
    if (k === 1) return;
    const split = sufficientHeads(n, k - 1, play(n, n - k + 1, honestAsks(n - k + 1)));
    expect(split).toEqual(expect.arrayContaining([one, other]));
  },
);

test('the honest alone, k of them, reach the quorum of an honest log', () => {
  for (let n = 1; n <= 10; n += 1) {
    const k = requiredWitnesses(n);
    const head = forks[0]!.at(-1)!;
    const lines = Array.from({ length: k }, (_, i) => lineOf(n - 1 - i, head));
    expect(
      sufficientHeads(n, k, new Map(heads.map((each) => [each, each === head ? lines : []]))),
    ).toEqual([head]);
    const fewer = new Map(heads.map((each) => [each, each === head ? lines.slice(1) : []]));
    expect(sufficientHeads(n, k, fewer)).toEqual([]);
  }
});
