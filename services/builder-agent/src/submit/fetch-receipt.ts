import { LoggedAttestation, ROUTES } from '#libs/contracts';
import { readBody } from '../http-body.js';

const TIMEOUT_MS = 10_000;
/** Several times what NATS takes of an envelope, and its proof. */
const MAX_ANSWER_BYTES = 8 * 1024 ** 2;

/**
 * Asks a coordinator over HTTP for the tlog-proof of an envelope, which is not verified here; null where
 * the log has none of it yet.
 *
 * @throws Error when nobody answers in time, or with something else or more than that
 */
export async function fetchReceipt(
  coordinatorUrl: string,
  envelopeSha256: string,
): Promise<string | null> {
  const url = new URL(`/${ROUTES.attestations}/${envelopeSha256}`, coordinatorUrl);
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    // Where it leads to is nothing that the operator named.
    redirect: 'error',
  });
  if (!response.ok) return null;
  const body = await readBody(response, MAX_ANSWER_BYTES);
  return LoggedAttestation.parse(JSON.parse(new TextDecoder().decode(body))).proof;
}
