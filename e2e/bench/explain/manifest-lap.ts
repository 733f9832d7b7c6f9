import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createZstdDecompress } from 'node:zlib';
import { writeManifest } from '#libs/image';

// One lap in a process of its own, so that its memory is its own: `manifest ARTIFACT DIR INTO`, or
// `hash ARTIFACT`, which reads, decompresses (a `.zst`) and hashes the stream once. Prints what it took, by
// the clock and on all processors together.
const [work = '', artifact = '', dir = '', into = ''] = process.argv.slice(2);
const MIB = 1024 ** 2;

async function hashStream(): Promise<void> {
  const hash = createHash('sha256');
  const packed = createReadStream(artifact, { highWaterMark: MIB });
  const isPacked = artifact.endsWith('.zst');
  const stream = isPacked ? packed.pipe(createZstdDecompress({ chunkSize: MIB })) : packed;
  for await (const bytes of stream as AsyncIterable<Buffer>) hash.update(bytes);
  hash.digest();
}

const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
if (work === 'hash') await hashStream();
else await writeManifest({ path: artifact, into, spoolDir: join(dir, 'spool') });
const ms = performance.now() - startMs;
const { user, system } = process.cpuUsage(startCpu);
const cpuMs = (user + system) / 1000;
// The kernel's mark of this program alone: `maxRSS` begins with what the parent had.
const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
const peakBytes = Number(kib) * 1024;
process.stdout.write(JSON.stringify({ ms, cpuMs, peakBytes }));
