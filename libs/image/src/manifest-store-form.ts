/** What a manifest's file begins with; a line, so that `head -1` tells what it is. */
export const MAGIC = Buffer.from('repro-quorum manifest file v1\n');

/** One page in the index: its digest, where its bytes begin (8 bytes), how many they are (4 bytes). */
export const INDEX_ENTRY_BYTES = 32 + 8 + 4;

/** The last bytes: root digest, where the index begins (8 bytes), how many pages it has (4 bytes). */
export const TRAILER_BYTES = 32 + 8 + 4;
