/** Replaces halves of surrogate pairs, which have no UTF-8 and could not be signed. */
export function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
