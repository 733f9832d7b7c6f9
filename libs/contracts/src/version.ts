/** The version of this release: in signed statements, and what `--version` prints. */
export const VERSION = '0.1.0';
