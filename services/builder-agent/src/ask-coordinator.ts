/** What a coordinator answered, whatever it says of its success. */
export interface CoordinatorAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** How long an answer is waited for, and how much of it is taken. */
export interface AnswerBounds {
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Ends the waiting at once. */
  readonly signal?: AbortSignal;
}

/**
 * Asks the coordinator over HTTP. It is not followed elsewhere: where it leads to is nothing that the
 * operator named.
 *
 * @throws Error when nobody answers in time, or with a redirect, or with more than that
 */
export async function askCoordinator(
  url: URL,
  { timeoutMs, maxBytes, signal }: AnswerBounds,
): Promise<CoordinatorAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      redirect: 'error',
    });
    return { status: response.status, body: await readBody(response, maxBytes) };
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
}

/** Reads an answer's body as JSON. */
export function jsonBody({ body }: CoordinatorAnswer): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

/** Gives a body up as soon as it is too large: what a server says of its length is not asked. */
async function readBody({ body }: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  if (body === null) return new Uint8Array();
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.length;
    // Leaving the loop cancels the body, and with it the download.
    if (sizeBytes > maxBytes) throw new RangeError(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
