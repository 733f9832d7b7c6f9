import { BuilderCredentials, BuilderView, Problem, type BuilderStatus } from '#libs/contracts';
import { askCoordinator, jsonBody, type CoordinatorAnswer } from '../ask-coordinator.js';

const BOUNDS = { timeoutMs: 15_000, maxBytes: 65_536 };

/** What a coordinator says to who asks for a builder's credentials. */
export type CredentialsAnswer =
  | { readonly kind: 'given'; readonly credentials: BuilderCredentials }
  /** It gives none, for the reason that it says; the status is null where it tells none. */
  | { readonly kind: 'refused'; readonly status: BuilderStatus | null; readonly reason: string }
  /** It knows no such builder. */
  | { readonly kind: 'unknown' }
  /** Nothing that could be used was answered. */
  | { readonly kind: 'away'; readonly reason: string };

/** As much of a builder's entry in the registry as an agent has to know. */
const Standing = BuilderView.pick({ status: true });

/** Asks a coordinator for what a builder signs in to NATS with. Never throws: it is asked again. */
export async function fetchCredentials(
  coordinatorUrl: string,
  builder: string,
  signal: AbortSignal,
): Promise<CredentialsAnswer> {
  const path = `/v1/builders/${builder}`;
  try {
    const url = new URL(`${path}/credentials`, coordinatorUrl);
    const answer = await askCoordinator(url, { ...BOUNDS, signal });
    const { status } = answer;
    if (status === 404) return { kind: 'unknown' };
    if (status === 403) return await refusal(new URL(path, coordinatorUrl), answer, signal);
    if (status !== 200) return { kind: 'away', reason: `it answered ${status}` };
    const credentials = BuilderCredentials.parse(jsonBody(answer));
    if (credentials.builder === builder) return { kind: 'given', credentials };
    return { kind: 'away', reason: 'it answered for another builder' };
  } catch (error) {
    return { kind: 'away', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What it says of credentials is for people; how the builder stands, for the agent. */
async function refusal(
  url: URL,
  problem: CoordinatorAnswer,
  signal: AbortSignal,
): Promise<CredentialsAnswer> {
  const reason = Problem.parse(jsonBody(problem)).detail;
  const answer = await askCoordinator(url, { ...BOUNDS, signal });
  const view = answer.status === 200 ? Standing.safeParse(jsonBody(answer)) : null;
  return { kind: 'refused', status: view?.data?.status ?? null, reason };
}
