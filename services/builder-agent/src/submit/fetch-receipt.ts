import { LoggedAttestation, ROUTES } from '#libs/contracts';
import { askCoordinator, jsonBody } from '../ask-coordinator.js';

/** An answer has several times what NATS takes of an envelope, and its proof. */
const BOUNDS = { timeoutMs: 10_000, maxBytes: 8 * 1024 ** 2 };

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
  const answer = await askCoordinator(url, BOUNDS);
  return answer.status === 200 ? LoggedAttestation.parse(jsonBody(answer)).proof : null;
}
