import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { verifySignature } from '#libs/attestation';
import { BATCH_BYTES, type Job } from './batch.js';
import { THREAD_PROGRAM } from './thread-program.js';
import { ThreadVerifier } from './thread-verifier.js';

const started: ThreadVerifier[] = [];
afterAll(async () => {
  for (const verifier of started) await verifier.end();
});
function start(program?: string, threads = 2): ThreadVerifier {
  const verifier = new ThreadVerifier({ threads, ...(program !== undefined && { program }) });
  started.push(verifier);
  return verifier;
}

const pairs = Array.from({ length: 4 }, () => generateKeyPairSync('ed25519'));

/** Signatures over messages of many lengths; two of three are spoilt, each in its own way. */
const jobs: readonly Job[] = Array.from({ length: 300 }, (_, at) => {
  const { privateKey, publicKey: key } = pairs[at % pairs.length]!;
  const publicKey = new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-32));
  const message = new Uint8Array((at * 37) % 5000).fill(at);
  const signature = new Uint8Array(sign(null, message, privateKey));
  const spoilt = [signature, publicKey, signature, message, message, message][at % 9] ?? null;
  if (spoilt !== null && spoilt.length > 0) spoilt[at % spoilt.length]! ^= 1 << (at % 8);
  return { publicKey, message, signature };
});
const expected = jobs.map(({ publicKey, message, signature }) =>
  verifySignature(publicKey, message, signature),
);
const askAll = ({ verify }: ThreadVerifier): Promise<boolean[]> =>
  Promise.all(jobs.map((job) => verify(job.publicKey, job.message, job.signature)));

test('the jobs of these claims are of both kinds', () => {
  expect(new Set(expected)).toEqual(new Set([true, false]));
});

describe('threads', () => {
  test('give the same answers as one signature after the other', async () => {
    const verifier = start();
    expect(await askAll(verifier)).toEqual(expected);
    expect(verifier.running).toBe(2);
    expect(await askAll(verifier)).toEqual(expected);
  });

  test('give the same answers from memory that others had before, more at once than is kept', async () => {
    const verifier = start();
    for (let lap = 0; lap < 3; lap += 1) {
      const all = await Promise.all(Array.from({ length: 12 }, () => askAll(verifier)));
      expect(all).toEqual(Array.from({ length: 12 }, () => expected));
    }
  });

  test('are not started for a few', async () => {
    const verifier = start();
    const [job] = jobs;
    const answers = Array.from({ length: 20 }, () =>
      verifier.verify(job!.publicKey, job!.message, job!.signature),
    );
    expect(new Set(await Promise.all(answers))).toEqual(new Set([expected[0]]));
    expect(verifier.running).toBe(0);
  });

  test('keep no process alive once they have nothing to do, whether they ever had or not', async () => {
    const verifier = start();
    const ports = (): number =>
      process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length;
    const before = ports();
    // One batch: of two threads that are started, one gets it.
    const answers = jobs.slice(0, 40).map((job) => {
      return verifier.verify(job.publicKey, job.message, job.signature);
    });
    expect(verifier.running).toBe(0);
    expect(await Promise.all(answers)).toEqual(expected.slice(0, 40));
    expect(verifier.running).toBe(2);
    expect(ports()).toBe(before);
  });

  test('verify what was handed over, whatever becomes of its bytes', async () => {
    const verifier = start();
    const copies = jobs.map(({ publicKey, message, signature }) => ({
      ...{ publicKey: publicKey.slice(), message: message.slice(), signature: signature.slice() },
    }));
    const answers = copies.map((job) => {
      const answer = verifier.verify(job.publicKey, job.message, job.signature);
      for (const bytes of Object.values(job)) bytes.fill(0);
      return answer;
    });
    expect(await Promise.all(answers)).toEqual(expected);
  });

  test('leave a message that is as long as many to others', async () => {
    const { privateKey, publicKey: key } = pairs[0]!;
    const publicKey = new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-32));
    const message = new Uint8Array(BATCH_BYTES * 2);
    const signature = new Uint8Array(sign(null, message, privateKey));
    const verifier = start();
    expect(await verifier.verify(publicKey, message, signature)).toBe(true);
    message[7] = 1;
    expect(await verifier.verify(publicKey, message, signature)).toBe(false);
  });
});

const PORT = `const { parentPort } = require('node:worker_threads');`;

describe('a thread is not believed, and not waited for, that', () => {
  test.each([
    ['is no program', 'this is no program'],
    ['ends at once', `process.exit(0)`],
    ['ends when it is asked', `${PORT} parentPort.on('message', () => process.exit(1));`],
    ['throws when it is asked', `${PORT} parentPort.on('message', () => { throw new Error(); });`],
    ['answers no bytes', `${PORT} parentPort.on('message', () => parentPort.postMessage(true));`],
    [
      'answers for too few',
      `${PORT} parentPort.on('message', () => parentPort.postMessage(Uint8Array.of(1)));`,
    ],
    [
      'answers once and ends',
      THREAD_PROGRAM.replace('parentPort.on(', 'parentPort.once(').concat(
        `parentPort.on('message', () => process.exit(0));`,
      ),
    ],
  ])('%s', async (_what, program) => {
    expect(await askAll(start(program))).toEqual(expected);
  });

  test('ends again and again', async () => {
    const verifier = start(`process.exit(0)`);
    for (let lap = 0; lap < 12; lap += 1) expect(await askAll(verifier)).toEqual(expected);
    expect(verifier.running).toBe(0);
  });

  test('answers neither yes nor no: it said no yes', async () => {
    const program = `${PORT} parentPort.on('message', ({ lengths }) => {
      parentPort.postMessage(new Uint8Array(lengths.length).fill(255));
    });`;
    expect(new Set(await askAll(start(program)))).toEqual(new Set([false]));
  });

  test('cannot be started, as there are none', async () => {
    expect(await askAll(start(THREAD_PROGRAM, 0))).toEqual(expected);
  });
});
