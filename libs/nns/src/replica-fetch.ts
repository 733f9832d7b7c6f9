import { NnsError } from './error.js';

/** A replica's answers stay below 3 MiB. Source: Internet Computer resource limits */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Makes a `fetch` for the stock agent that ends with `signal`, follows no redirect (a redirect
 * could point into the machine's own network), and reads no more than an honest replica sends.
 */
export function createReplicaFetch(signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, signal, redirect: 'error' });
    const body = await readBounded(response);
    const { status, statusText, headers } = response;
    const copy = new Response(body.length === 0 ? null : body, { status, statusText, headers });
    // The agent looks at the URL to fall back to the older call endpoint.
    return Object.defineProperty(copy, 'url', { value: response.url });
  };
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const body: AsyncIterable<Uint8Array> = response.body ?? emptyBody();
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_ANSWER_BYTES) {
      throw new NnsError('MALFORMED_ANSWER', `answer has more than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {
  // nothing to read
}
