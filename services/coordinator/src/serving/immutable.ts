/** Of an address whose answer never changes: for a year, which is as good as for ever. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
