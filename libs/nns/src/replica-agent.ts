import { CanisterStatus, HttpAgent, type ReadStateResponse } from '@dfinity/agent';
import { openCertificate } from './certificate.js';
import { NnsError } from './error.js';
import type { Anchor } from './network.js';
import { createReplicaFetch } from './replica-fetch.js';

/** One retry here; whether and when to ask again is for the caller to decide. */
const RETRIES = 1;
const RETRY_DELAY_MS = 200;

const SUBNET_PATH = [[new TextEncoder().encode('subnet')]];

/**
 * Opens the stock agent for one operation, which ends with `signal`. Its root key is pinned and its
 * query signatures are verified; it is made quiet, and exact about why a subnet's node keys are
 * missing, and it never adopts a time or a root key from the host.
 */
export function openAgent(host: string, anchor: Anchor, signal: AbortSignal): HttpAgent {
  const agent = HttpAgent.createSync({
    host,
    rootKey: anchor.rootKey,
    retryTimes: RETRIES,
    backoffStrategy: () => ({ next: () => RETRY_DELAY_MS }),
    fetch: createReplicaFetch(signal),
  });
  verifyNodeKeysFirst(agent, anchor);
  // The agent would adopt the time of a host whose honesty is what that time is to prove.
  agent.syncTime = () => Promise.reject(clocksDiffer());
  return agent;
}

/**
 * The stock method swallows every failure, prints it to the console, and lets the query fail for
 * missing signatures, as if the host had cheated. So the answer is fetched and verified before it,
 * and handed to it when it can only succeed.
 */
function verifyNodeKeysFirst(agent: HttpAgent, anchor: Anchor): void {
  const readState = agent.readState.bind(agent);
  const fetchSubnetKeys = agent.fetchSubnetKeys.bind(agent);
  let verified: ReadStateResponse | null = null;
  agent.readState = async (...question) => verified ?? (await readState(...question));
  agent.fetchSubnetKeys = async (canisterId) => {
    const response = await readState(canisterId, { paths: SUBNET_PATH });
    await openCertificate(response.certificate, anchor, { checkAge: true });
    CanisterStatus.fetchNodeKeys(response.certificate, anchor.canisterId, anchor.rootKey);
    verified = response;
    try {
      return await fetchSubnetKeys(canisterId);
    } finally {
      verified = null;
    }
  };
}

function clocksDiffer(): NnsError {
  return new NnsError(
    'CERTIFICATE_OUTDATED',
    "replica finds the request's expiry out of bounds: this machine's clock is wrong, or the replica's is; set the clock, or ask another host",
  );
}
