import { randomBytes } from 'node:crypto';
import { sha256 } from '#libs/encoding';
import type { NewEntry } from '#libs/persistence';

/** Makes entries that no log has yet; what they say of rounds and builders means nothing. */
export function makeEntries(count: number): readonly NewEntry[] {
  return Array.from({ length: count }, () => {
    const entry = new Uint8Array(randomBytes(40));
    const envelopeSha256 = sha256(entry);
    return {
      envelopeSha256,
      body: JSON.stringify({ payload: envelopeSha256 }),
      entry,
      kind: 'commit',
      round: 'aa',
      builder: null,
    };
  });
}
