import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { COMMIT, scratchFolder } from './cache.fixture.js';
import { servesZeros, startHost } from './host.fixture.js';
import { startProcess } from './other-process.fixture.js';

const GIB = 1024 ** 3;
const MAX_MEMORY_BYTES = 256 * 1024 ** 2;

test('a download of 1 GiB takes no more memory than a small one', async () => {
  const host = await startHost(servesZeros(GIB, '"zeros"'));
  const process = startProcess(await scratchFolder(), COMMIT, `${host.origin}/disk-img.tar.zst`);
  const { file, sha256, sizeBytes } = await process.downloaded;
  await rm(file);
  expect(sizeBytes).toBe(GIB);
  // Of 1 GiB of zero bytes, as sha256sum has it.
  expect(sha256).toBe('49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14');
  expect(await process.maxMemoryBytes).toBeLessThan(MAX_MEMORY_BYTES);
});
