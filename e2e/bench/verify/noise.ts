import { createCipheriv } from 'node:crypto';

/**
 * Makes a source of bytes that nothing compresses: the same ones for the same seed, and as fast as
 * the processor's AES.
 */
export function createNoise(seed: string): (bytes: number) => Buffer {
  const key = Buffer.alloc(16);
  key.write(seed);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  return (bytes) => cipher.update(Buffer.alloc(bytes));
}
