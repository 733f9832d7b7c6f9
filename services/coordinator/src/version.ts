/** The version that stands in signed verdicts. */
export const VERSION = '0.1.0';
