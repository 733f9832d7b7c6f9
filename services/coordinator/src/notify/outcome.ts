/** What came of a try to tell somebody. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly detail: string }
  /** To be tried again. */
  | { readonly kind: 'failed'; readonly detail: string; readonly retryAfterMs: number | null }
  /** Not to be tried again, nor anything else there. */
  | { readonly kind: 'gone'; readonly detail: string };

/** Makes the outcome of a try that came to nothing. */
export function failure(detail: string, retryAfterMs: number | null = null): Outcome {
  return { kind: 'failed', detail, retryAfterMs };
}
