/**
 * The hashing thread's program, as text: so it needs no file of its own beside the compiled code,
 * which neither TypeScript sources under test nor a single bundled file would have.
 *
 * Reads of 1 MiB into one buffer are as fast as OpenSSL's own tool, and two threads nearly twice
 * that; streams are slower and would share one thread with everything else.
 */
export const HASH_WORKER = `
'use strict';
const { createHash } = require('node:crypto');
const { closeSync, constants, fstatSync, openSync, readSync } = require('node:fs');
const { parentPort, workerData: { path, prefix } } = require('node:worker_threads');

function hash() {
  // O_NONBLOCK: a named pipe in the file's place must not block the thread for ever.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const before = fstatSync(file, { bigint: true });
    if (!before.isFile()) return { error: 'it is not a regular file' };
    const buffer = Buffer.allocUnsafeSlow(1024 * 1024);
    const digest = createHash('sha256');
    const bound = prefix && createHash('sha256').update(prefix);
    let sizeBytes = 0;
    for (let read = -1; read !== 0; ) {
      read = readSync(file, buffer, 0, buffer.length, null);
      digest.update(buffer.subarray(0, read));
      if (bound) bound.update(buffer.subarray(0, read));
      sizeBytes += read;
    }
    const after = fstatSync(file, { bigint: true });
    const isSame = before.mtimeNs === after.mtimeNs && after.size === BigInt(sizeBytes);
    if (!isSame) return { error: 'it changed while it was read' };
    return { sha256: digest.digest('hex'), bound: bound ? bound.digest('hex') : '', sizeBytes };
  } finally {
    closeSync(file);
  }
}

let answer;
try {
  answer = hash();
} catch (error) {
  answer = { error: error.message };
}
parentPort.postMessage(answer);
`;
