import type { HttpAgent } from '@dfinity/agent';
import { quote } from '#libs/encoding';
import { toNnsError } from './agent-error.js';
import { callCertified } from './certified-call.js';
import { NnsError } from './error.js';
import { toAnchor, type Anchor, type Trust } from './network.js';
import { decodeListReply, encodeListQuestion, type ListOptions } from './open-elections.js';
import { openAgent } from './replica-agent.js';
import {
  encodeQuestion,
  PROPOSAL_METHOD,
  verifyAgainst,
  type CertifiedProposal,
} from './verification.js';

/** An update call takes about 2 seconds; a busy subnet may need several times that. */
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 300_000;
const MAX_NAT64 = 2n ** 64n - 1n;

/** How to reach the governance canister, and whom to believe. */
export interface GovernanceOptions extends Trust {
  /** `http(s)://host[:port]` of a boundary node or replica, such as `https://icp-api.io`. */
  readonly host: string;
  /** For one whole operation, retries included: 1 to 300,000 ms, default 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** The governance canister, as seen through one host. Concurrent use is fine. */
export interface Governance {
  /**
   * Reads a proposal by an update call, whose answer the subnet certifies under the pinned root
   * key; the host is trusted for nothing. The evidence convinces others offline.
   *
   * @throws NnsError UNREACHABLE, UNCERTIFIED, CERTIFICATE_OUTDATED, REJECTED, NO_SUCH_PROPOSAL,
   *   MALFORMED_ANSWER, INVALID_ARGUMENT
   */
  readProposal(id: bigint): Promise<CertifiedProposal>;
  /**
   * Lists the ids of open IC-OS election proposals, newest first. A query: one node of the subnet
   * signs for it, and could leave proposals out or name wrong ones. So it finds ids and no more;
   * each is to be read by {@link Governance.readProposal}.
   *
   * @throws NnsError UNREACHABLE, UNCERTIFIED, CERTIFICATE_OUTDATED, REJECTED, MALFORMED_ANSWER,
   *   INVALID_ARGUMENT
   */
  listOpenElections(options?: ListOptions): Promise<bigint[]>;
}

/**
 * Prepares access to the governance canister; connects to nothing yet. The root key is pinned, by
 * default the Internet Computer's, and never fetched from the host.
 *
 * @throws NnsError INVALID_ARGUMENT for a host, root key, canister id or timeout out of bounds
 */
export function createGovernance(options: GovernanceOptions): Promise<Governance> {
  return Promise.resolve(options).then(prepare);
}

function prepare(options: GovernanceOptions): Governance {
  const host = toHost(options.host);
  const timeoutMs = toTimeoutMs(options.timeoutMs);
  const anchor = toAnchor(options);
  const operate = <T>(operation: Operation<T>): Promise<T> =>
    run(operation, host, anchor, timeoutMs);
  return {
    readProposal: (id) => operate((access) => readProposal(access, id)),
    listOpenElections: (page = {}) => operate((access) => listOpenElections(access, page)),
  };
}

interface Access {
  readonly agent: HttpAgent;
  readonly anchor: Anchor;
  readonly signal: AbortSignal;
}

type Operation<T> = (access: Access) => Promise<T>;

async function run<T>(
  operation: Operation<T>,
  host: string,
  anchor: Anchor,
  timeoutMs: number,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await operation({ agent: openAgent(host, anchor, signal), anchor, signal });
  } catch (error) {
    if (signal.aborted && !(error instanceof NnsError)) {
      throw new NnsError(
        'UNREACHABLE',
        `replica gives no answer within ${timeoutMs} ms: check the network and the host`,
        { cause: error },
      );
    }
    throw toNnsError(error, 'answer');
  }
}

async function readProposal(access: Access, id: bigint): Promise<CertifiedProposal> {
  if (id < 0n || id > MAX_NAT64) {
    throw new NnsError('INVALID_ARGUMENT', `proposal id ${id} is not between 0 and 2^64 - 1`);
  }
  const { agent, anchor, signal } = access;
  const call = { method: PROPOSAL_METHOD, argument: encodeQuestion(id), signal };
  const evidence = await callCertified(agent, anchor, call);
  return verifyAgainst(evidence, anchor, { checkAge: true });
}

async function listOpenElections(access: Access, page: ListOptions): Promise<bigint[]> {
  const { agent, anchor } = access;
  const arg = encodeListQuestion(page);
  const answer = await agent.query(anchor.canisterId, { methodName: 'list_proposals', arg });
  if ('reply' in answer) return decodeListReply(answer.reply.arg);
  throw new NnsError(
    'REJECTED',
    `governance rejects the listing with code ${answer.reject_code}: ${quote(answer.reject_message)}`,
  );
}

function toHost(host: string): string {
  const url = URL.parse(host);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new NnsError('INVALID_ARGUMENT', `host ${quote(host)} is not an http or https URL`);
  }
  return url.origin;
}

function toTimeoutMs(timeoutMs = DEFAULT_TIMEOUT_MS): number {
  if (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS) {
    return timeoutMs;
  }
  throw new NnsError(
    'INVALID_ARGUMENT',
    `timeout is ${timeoutMs} ms, expected 1 to ${MAX_TIMEOUT_MS}`,
  );
}
