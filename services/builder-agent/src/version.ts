/** The version that stands in signed results. */
export const VERSION = '0.1.0';
