/** What `--version` prints and hand-made attestations carry. Apart, so that asking loads nothing. */
export const VERSION = '0.1.0';
