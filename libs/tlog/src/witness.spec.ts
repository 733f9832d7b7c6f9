import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  EMPTY_FRONTIER,
  EMPTY_ROOT,
  MAX_REQUEST_BYTES,
  appendLeaves,
  buildConsistencyProof,
  decideCosigning,
  ed25519Signer,
  ed25519Verifier,
  formatAddCheckpoint,
  formatCheckpoint,
  hashLeaf,
  openWitnessRequest,
  parseCheckpoint,
  rootOf,
  signNote,
} from './index.js';
import type { Checkpoint, KnownLogs, NoteSigner, WitnessConsent, WitnessRefusal } from './index.js';

const origin = 'log.example/ic';
const keyPair = (): { raw: Uint8Array; signWith: (text: Uint8Array) => Uint8Array } => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  return { raw, signWith: (text) => sign(null, text, privateKey) };
};
const [logKey, otherKey] = [keyPair(), keyPair()];
const signer = ed25519Signer(origin, logKey.raw, logKey.signWith);
const stranger = ed25519Signer(origin, otherKey.raw, otherKey.signWith);
const logs: KnownLogs = new Map([[origin, [ed25519Verifier(origin, logKey.raw)]]]);
const refused = (code: string): unknown => expect.objectContaining({ name: 'TlogError', code });

// Two forks that agree on their first three leaves.
const SHARED = 3;
const MOST = 12;
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
  return {
    rootAt: (size: number) => rootOf(leaves.slice(0, size)),
    proof: (from: number, to: number) =>
      from === 0 || from > to
        ? []
        : buildConsistencyProof(BigInt(from), BigInt(to), ({ level, index }) =>
            nodes.get(`${level}/${String(index)}`),
          ),
  };
});
const [a, b] = [forks[0]!, forks[1]!];
const stateOf = (fork: typeof a, size: number): Checkpoint => ({
  origin,
  size: BigInt(size),
  root: fork.rootAt(size),
});
const noteOf = (checkpoint: Checkpoint, by: readonly NoteSigner[] = [signer]): string =>
  signNote(formatCheckpoint(checkpoint), by);

function bodyOf(fork: typeof a, from: number, to: number): string {
  const checkpoint = noteOf(stateOf(fork, to));
  return formatAddCheckpoint({ oldSize: BigInt(from), proof: fork.proof(from, to), checkpoint });
}

function ask(
  body: Uint8Array | string,
  stored: Checkpoint | null,
  known = logs,
): WitnessConsent | WitnessRefusal {
  const request = openWitnessRequest(body, known);
  return request.kind === 'open' ? decideCosigning(request, stored) : request;
}

describe('a witness cosigns', () => {
  test('the first checkpoint it sees of a log it knows, whatever its size', () => {
    for (const size of [0, 1, 7]) {
      const next = stateOf(a, size);
      expect(ask(bodyOf(a, 0, size), null)).toEqual({
        kind: 'cosign',
        text: formatCheckpoint(next),
        next,
      });
    }
  });

  test('every growth that is proven, and says what has to be durable first', () => {
    for (let to = 1; to <= MOST; to += 1) {
      for (let from = 0; from <= to; from += 1) {
        const decided = ask(Buffer.from(bodyOf(a, from, to)), stateOf(a, from));
        expect(decided).toMatchObject({ kind: 'cosign', next: stateOf(a, to) });
      }
    }
  });

  test('the same checkpoint anew, so that a crash before its answer costs nothing', () => {
    const first = ask(bodyOf(a, 2, 5), stateOf(a, 2)) as WitnessConsent;
    expect(ask(bodyOf(a, 2, 5), first.next)).toMatchObject({ status: 409, size: 5n });
    expect(ask(bodyOf(a, 5, 5), first.next)).toEqual(first);
  });

  test('beside signatures of strangers, and whatever else the log writes below', () => {
    const text = `${formatCheckpoint(stateOf(a, 5))}Timestamp: 1\n`;
    const checkpoint = signNote(text, [stranger, signer]);
    const body = formatAddCheckpoint({ oldSize: 0n, proof: [], checkpoint });
    expect(ask(body, null)).toMatchObject({ kind: 'cosign', text, next: stateOf(a, 5) });
  });
});

describe('a witness refuses', () => {
  const good = bodyOf(a, 2, 5);
  const [, hash = ''] = good.split('\n');
  const root = Buffer.from(b.rootAt(5)).toString('base64');
  const forged = (checkpoint: string): string =>
    formatAddCheckpoint({ oldSize: 2n, proof: a.proof(2, 5), checkpoint });
  const elsewhere = { ...stateOf(a, 5), origin: 'other.example' };

  test.each([
    ['nothing', '', 400],
    ['a request without a checkpoint', 'old 2\n\n', 400],
    ['an unsigned checkpoint', forged(`${formatCheckpoint(stateOf(a, 5))}\n`), 400],
    ['a checkpoint without a blank line', forged(formatCheckpoint(stateOf(a, 5))), 400],
    ['a note that is no checkpoint', forged(signNote('hello\n', [signer])), 400],
    [
      'a checkpoint with a broken size',
      forged(signNote(`${origin}\n05\n${root}\n`, [signer])),
      400,
    ],
    ['a root over nothing', forged(signNote(`${origin}\n0\n${root}\n`, [signer])), 400],
    ['carriage returns', good.replaceAll('\n', '\r\n'), 400],
    ['too many bytes', new Uint8Array(MAX_REQUEST_BYTES + 1), 400],
    ['an old size above the new one', good.replace('old 2', 'old 6'), 400],
    ['a log it does not know', forged(noteOf(elsewhere)), 404],
    ['an unknown log, signed by a known one', forged(noteOf(elsewhere, [signer])), 404],
    [
      'an origin that differs in case',
      forged(noteOf({ ...elsewhere, origin: 'LOG.example/ic' })),
      404,
    ],
    ['a checkpoint of a stranger', forged(noteOf(stateOf(a, 5), [stranger])), 403],
    ['a changed size', good.replace('\n5\n', '\n6\n'), 403],
    ['a changed root', good.replace(Buffer.from(a.rootAt(5)).toString('base64'), root), 403],
    [
      'a wrong signature of the log',
      forged(noteOf(stateOf(a, 5), [{ ...signer, sign: () => new Uint8Array(64) }])),
      403,
    ],
    ['a proof without its first hash', good.replace(`${hash}\n`, ''), 422],
    ['a proof with a hash twice', good.replace(hash, `${hash}\n${hash}`), 422],
    ['a proof with another hash', good.replace(hash, root), 422],
    [
      'no proof',
      formatAddCheckpoint({ oldSize: 2n, proof: [], checkpoint: noteOf(stateOf(a, 5)) }),
      422,
    ],
    [
      'the proof of another size',
      formatAddCheckpoint({ oldSize: 2n, proof: a.proof(2, 6), checkpoint: noteOf(stateOf(a, 5)) }),
      422,
    ],
  ])('%s', (_what, body, status) => {
    expect(ask(body, stateOf(a, 2))).toMatchObject({ kind: 'refused', status });
  });

  test('a fork, proven or not, at whatever size', () => {
    for (let size = SHARED + 1; size <= MOST; size += 1) {
      const decided = ask(bodyOf(b, SHARED + 1, size), stateOf(a, SHARED + 1));
      expect(decided).toMatchObject({ kind: 'refused', status: 422 });
    }
  });

  test('a proof where none can be: from size 0, and from a size to itself', () => {
    const proof = [a.rootAt(5)];
    const checkpoint = noteOf(stateOf(a, 5));
    const first = formatAddCheckpoint({ oldSize: 0n, proof, checkpoint });
    const again = formatAddCheckpoint({ oldSize: 5n, proof, checkpoint });
    expect(ask(first, null)).toMatchObject({ status: 422 });
    expect(ask(first, { origin, size: 0n, root: EMPTY_ROOT })).toMatchObject({ status: 422 });
    expect(ask(again, stateOf(a, 5))).toMatchObject({ status: 422 });
  });

  test('an old size that is not its own, and says which is', () => {
    const conflict = (size: bigint): unknown =>
      expect.objectContaining({ kind: 'conflict', status: 409, size });
    expect(ask(good, null)).toEqual(conflict(0n));
    expect(ask(good, stateOf(a, 4))).toEqual(conflict(4n));
    expect(ask(bodyOf(a, 0, 5), stateOf(a, 9))).toEqual(conflict(9n));
    // A rollback names sizes that are both below what it has.
    expect(ask(bodyOf(a, 2, 3), stateOf(a, 9))).toEqual(conflict(9n));
  });

  test('to go on with the state of another log, or with one that is damaged', () => {
    const stored = stateOf(a, 2);
    expect(() => ask(good, { ...stored, origin: 'b' })).toThrow(refused('WRONG_ORIGIN'));
    expect(() => ask(good, { ...stored, root: new Uint8Array(31) })).toThrow(
      refused('MALFORMED_HASH'),
    );
    expect(() => ask(good, { ...stored, size: -1n })).toThrow(refused('OUT_OF_RANGE'));
    const twice = new Map([[origin, [...logs.get(origin)!, ...logs.get(origin)!]]]);
    expect(() => ask(good, stored, twice)).toThrow(refused('AMBIGUOUS_KEY'));
  });
});

test('whatever honest and forged requests come, what a witness stores is one growing tree', () => {
  const size = fc.integer({ min: 0, max: MOST });
  const request = fc.record({
    fork: fc.constantFrom(a, b),
    proofOf: fc.constantFrom(a, b),
    to: size,
    from: fc.option(size),
    isProofShort: fc.boolean(),
    isForged: fc.boolean(),
    isSignedByLog: fc.boolean(),
    edit: fc.option(fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 2 })), { freq: 6 }),
  });
  const honest = fc.record({ fork: fc.constantFrom(a, b), to: size });
  fc.assert(
    fc.property(fc.array(fc.oneof(honest, request), { maxLength: 25 }), (requests) => {
      let stored: Checkpoint | null = null;
      const accepted: Checkpoint[] = [];
      for (const { fork, to, ...evil } of requests) {
        // A log that wants to fork knows what the witness has: the 409 told it.
        const held: number = stored === null ? 0 : Number(stored.size);
        let [from, proof] = [held, fork.proof(held, to)];
        const claimed = { ...stateOf(fork, to) };
        let body = '';
        if ('from' in evil) {
          from = evil.from ?? held;
          proof = evil.proofOf.proof(from, to).slice(evil.isProofShort ? 1 : 0);
          if (evil.isForged && to > 0) claimed.root = Buffer.alloc(32, to);
        }
        const by = 'from' in evil && !evil.isSignedByLog ? [stranger] : [signer];
        body = formatAddCheckpoint({
          oldSize: BigInt(from),
          proof,
          checkpoint: noteOf(claimed, by),
        });
        if ('from' in evil && evil.edit !== null) {
          const at = evil.edit[0] % body.length;
          body = body.slice(0, at) + evil.edit[1] + body.slice(at + 1);
        }
        const decided = ask(body, stored);
        if (decided.kind !== 'cosign') continue;
        expect(parseCheckpoint(decided.text)).toEqual(decided.next);
        expect(by).toEqual([signer]);
        stored = decided.next;
        accepted.push(stored);
      }
      for (const [i, newer] of accepted.entries()) {
        for (const older of accepted.slice(0, i)) expect(isGrowth(older, newer)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

/** Tells by their leaves, without any proof, whether one tree begins with the other. */
function isGrowth(older: Checkpoint, newer: Checkpoint): boolean {
  const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
  if (older.size === newer.size) return isSame(older.root, newer.root);
  if (older.size === 0n) return true;
  return [a, b].some(({ rootAt }) => {
    return (
      isSame(rootAt(Number(newer.size)), newer.root) &&
      isSame(rootAt(Number(older.size)), older.root) &&
      older.size < newer.size
    );
  });
}
