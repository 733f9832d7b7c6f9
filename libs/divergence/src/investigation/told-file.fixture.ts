import { sha256 } from '#libs/encoding';
import { fileAt } from '../classes/excerpt.fixture.js';
import type { Difference } from '../difference.js';

/** A file that differs, as the manifests of both sides tell of it. */
export function toldFile(path: string, left: Uint8Array, right: Uint8Array): Difference {
  const isResized = left.length !== right.length;
  const [ofLeft, ofRight] = [left, right].map((bytes) => ({
    content: sha256(bytes),
    ...(isResized && { size: bytes.length }),
  }));
  return fileAt(path, { left: ofLeft ?? null, right: ofRight ?? null });
}
