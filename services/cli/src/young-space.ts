import { setFlagsFromString } from 'node:v8';

/**
 * Has buffers collected with the young part of the heap, which is kept small; to be called before
 * anything else is loaded, as that part only ever grows.
 *
 * What is downloaded and read lies in buffers outside the heap, a gigabyte of them a minute. They
 * go when their handles are swept from the young part. Grown large it is swept so rarely that they
 * bring on full collections instead, by a limit of their own, and those cost more than the reading.
 */
export function keepYoungSpaceSmall(): void {
  // Another engine may not know these flags, and would say so on every start.
  if (!process.versions.v8.startsWith('13.')) return;
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--external-memory-accounted-in-global-limit');
}
