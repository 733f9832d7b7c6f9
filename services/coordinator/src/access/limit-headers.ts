/** How an address stands with one limit. */
export interface LimitState {
  readonly limit: number;
  readonly windowMs: number;
  readonly hits: number;
  /** Until the window ends. */
  readonly seconds: number;
}

/**
 * What an answer says of a limit: header names and values in turn.
 *
 * Source: draft-ietf-httpapi-ratelimit-headers-10
 */
export function limitHeaders(
  name: string,
  { limit, windowMs, hits, seconds }: LimitState,
): readonly [string, string, string, string] {
  const left = Math.max(0, limit - hits);
  return [
    'ratelimit-policy',
    `"${name}";q=${limit};w=${windowMs / 1000}`,
    'ratelimit',
    `"${name}";r=${left};t=${seconds}`,
  ];
}
