/** The version that `--version` prints and hand-made attestations carry. */
export const VERSION = '0.1.0';
