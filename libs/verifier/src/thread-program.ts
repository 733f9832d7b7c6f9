/**
 * The verifying thread's program, as text: so it needs no file of its own beside the compiled code,
 * which neither TypeScript sources under test nor a single bundled file would have.
 *
 * A batch is the jobs' bytes one after the other, each a key of 32 bytes, a signature of 64 and a
 * message whose length stands in `lengths`. The answer has a byte for each: 1 where the signature is
 * valid. Whatever is thrown ends the thread, and says nothing of any signature.
 */
export const THREAD_PROGRAM = `
'use strict';
const { createPublicKey, verify } = require('node:crypto');
const { parentPort } = require('node:worker_threads');
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');
const CACHED_KEYS = 4096;
const keys = new Map();

function keyOf(raw) {
  const id = raw.toString('latin1');
  const cached = keys.get(id);
  if (cached !== undefined) return cached;
  const der = Buffer.concat([SPKI_HEAD, raw]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  if (keys.size >= CACHED_KEYS) keys.clear();
  keys.set(id, key);
  return key;
}

parentPort.on('message', ({ bytes, lengths }) => {
  const jobs = Buffer.from(bytes);
  const answer = new Uint8Array(lengths.length);
  let at = 0;
  for (let job = 0; job < lengths.length; job += 1) {
    const key = keyOf(jobs.subarray(at, at + 32));
    const signature = jobs.subarray(at + 32, at + 96);
    const end = at + 96 + lengths[job];
    answer[job] = verify(null, jobs.subarray(at + 96, end), key, signature) ? 1 : 0;
    at = end;
  }
  parentPort.postMessage(answer);
});
`;
