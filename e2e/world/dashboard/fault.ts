import type { JsonObject } from './json.js';

/** A way in which the dashboard fails or lies. */
export type DashboardFault =
  /** Connections are closed without a byte. */
  | { readonly kind: 'down' }
  /** The payload has these fields instead of its own; another digest unless told. */
  | { readonly kind: 'lies'; readonly payload?: JsonObject }
  /** A page of HTML, as a gateway gives it; 502 unless told. */
  | { readonly kind: 'html'; readonly status?: number }
  /** The right answer, followed by so many bytes of white space. */
  | { readonly kind: 'huge'; readonly sizeBytes: number }
  /** The answer begins so much later. */
  | { readonly kind: 'slow'; readonly delayMs: number };

/** What a dashboard lies unless told otherwise. */
export const ANOTHER_DIGEST = { release_package_sha256_hex: 'f'.repeat(64) } as const;
