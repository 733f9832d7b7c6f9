/** Most bytes, and most files, that are given to the thread at once. */
export const SLOT_BYTES = 1024 ** 2;
export const SLOT_FILES = 1024;
export const SLOTS = 8;
export const DIGEST_BYTES = 32;

/** What a slot of shared memory is: the giver's, the thread's, or the giver's again with digests. */
export const STATE = { free: 0, given: 1, hashed: 2 } as const;

/** What the thread shares with who started it. */
export interface Shared {
  readonly bytes: SharedArrayBuffer;
  /** Of each file of a slot where it ends. */
  readonly ends: SharedArrayBuffer;
  readonly digests: SharedArrayBuffer;
  readonly states: SharedArrayBuffer;
}

/**
 * The thread's program, as text: so it needs no file of its own beside the compiled code. It hashes the
 * files of a slot, adds to a running digest, or hashes all of an open file.
 */
export const PROGRAM = `
'use strict';
const { createHash, hash } = require('node:crypto');
const { readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const [SLOT_BYTES, SLOT_FILES] = [${SLOT_BYTES}, ${SLOT_FILES}];
const ends = new Uint32Array(workerData.ends);
const digests = Buffer.from(workerData.digests);
const states = new Int32Array(workerData.states);
const streams = new Map();

function hashFiles({ slot, files }) {
  const bytes = Buffer.from(workerData.bytes, slot * SLOT_BYTES, SLOT_BYTES);
  for (let nth = 0, start = 0; nth < files; nth += 1) {
    const at = slot * SLOT_FILES + nth;
    digests.write(hash('sha256', bytes.subarray(start, ends[at])), at * ${DIGEST_BYTES}, 'hex');
    start = ends[at];
  }
  Atomics.store(states, slot, ${STATE.hashed});
}

function hashWhole({ descriptor, sizeBytes }) {
  const piece = Buffer.allocUnsafeSlow(1024 ** 2);
  const digest = createHash('sha256');
  for (let at = 0; at < sizeBytes; ) {
    const got = readSync(descriptor, piece, 0, Math.min(piece.length, sizeBytes - at), at);
    if (got === 0) throw new Error('the file ends early');
    digest.update(piece.subarray(0, got));
    at += got;
  }
  return digest.digest('hex');
}

const work = {
  files: hashFiles,
  flush: () => null,
  whole: hashWhole,
  update({ stream, shared, length }) {
    if (!streams.has(stream)) streams.set(stream, createHash('sha256'));
    streams.get(stream).update(Buffer.from(shared, 0, length));
    return null;
  },
  end({ stream }) {
    const digest = streams.get(stream)?.digest('hex') ?? hash('sha256', '');
    streams.delete(stream);
    return digest;
  },
};
parentPort.on('message', ({ kind, question, ...rest }) => {
  const answer = work[kind](rest);
  if (question !== undefined) parentPort.postMessage({ question, answer });
});
`;
