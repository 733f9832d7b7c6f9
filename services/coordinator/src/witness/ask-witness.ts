import type { NatsConnection } from '@nats-io/transport-node';
import { CosigningAnswer, SUBJECTS } from '#libs/contracts';
import { askBuilder } from '#libs/messaging';
import type { PolicyWitness } from '#libs/tlog';
import { witnessUrl } from './witness-set.js';

/** More than any honest answer: one signature line, or a size. */
const MAX_ANSWER_BYTES = 65_536;

/** Brings one add-checkpoint request to a witness. Throws where no answer comes back in time. */
export type AskWitness = (body: string) => Promise<CosigningAnswer>;

/** How a witness is asked: over HTTP where the policy names its URL, else through its agent. */
export function askerOf(
  witness: PolicyWitness,
  { nats, timeoutMs }: { readonly nats: NatsConnection; readonly timeoutMs: number },
): AskWitness {
  const url = witnessUrl(witness);
  if (url !== null) return (body) => askOverHttp(url, body, timeoutMs);
  const asked = { subject: SUBJECTS.cosign, builder: witness.key.name, timeoutMs };
  return async (body) => {
    const answer = await askBuilder(nats, { ...asked, body: JSON.stringify({ body }) });
    return CosigningAnswer.parse(answer.json());
  };
}

/**
 * Asks a witness by its URL. It is a stranger's server: it is given so much time and so many bytes,
 * and sends nobody elsewhere, to an address inside of this network above all.
 *
 * Source: C2SP tlog-witness, "add-checkpoint"
 */
export async function askOverHttp(
  url: URL,
  body: string,
  timeoutMs: number,
): Promise<CosigningAnswer> {
  const response = await fetch(`${url.href.replace(/\/+$/, '')}/add-checkpoint`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body,
    redirect: 'error',
    // For the body too: a server that drips its answer has no more time than one that is silent.
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, body: await boundedText(response) };
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  // Leaving the loop early closes the connection.
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_ANSWER_BYTES) {
      throw new Error(`the answer has more than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
