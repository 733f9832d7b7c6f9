/**
 * What this agent last saw of the log cannot be read. It never begins anew by itself: whoever made
 * it forget could then show it another log.
 */
export class LogStateError extends Error {
  override readonly name = 'LogStateError';
}
