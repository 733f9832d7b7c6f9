import { BuilderCredentials, BuilderView, Problem, type BuilderStatus } from '#libs/contracts';
import { readBody } from '../http-body.js';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 65_536;

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
    const { status, body } = await get(new URL(`${path}/credentials`, coordinatorUrl), signal);
    if (status === 404) return { kind: 'unknown' };
    if (status === 403) return await refusal(new URL(path, coordinatorUrl), body, signal);
    if (status !== 200) return { kind: 'away', reason: `it answered ${status}` };
    const credentials = BuilderCredentials.parse(JSON.parse(body));
    if (credentials.builder === builder) return { kind: 'given', credentials };
    return { kind: 'away', reason: 'it answered for another builder' };
  } catch (error) {
    return { kind: 'away', reason: reasonOf(error) };
  }
}

/** What it says of credentials is for people; how the builder stands, for the agent. */
async function refusal(url: URL, problem: string, signal: AbortSignal): Promise<CredentialsAnswer> {
  const reason = Problem.parse(JSON.parse(problem)).detail;
  const { status, body } = await get(url, signal);
  const view = status === 200 ? Standing.safeParse(JSON.parse(body)) : null;
  return { kind: 'refused', status: view?.data?.status ?? null, reason };
}

async function get(url: URL, signal: AbortSignal): Promise<{ status: number; body: string }> {
  const response = await fetch(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    // Where it leads to is nothing that the operator named.
    redirect: 'error',
  });
  const body = new TextDecoder().decode(await readBody(response, MAX_ANSWER_BYTES));
  return { status: response.status, body };
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
