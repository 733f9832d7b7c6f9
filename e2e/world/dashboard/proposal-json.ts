import type { StoredProposal } from '../nns/index.js';
import type { JsonObject } from './json.js';
import { showPayload } from './payload-json.js';

/** How far the ids of the API's own database are behind those of proposals: 118001 was 137875. */
const ROW_ID_OFFSET = 19_874n;

const TOPICS: ReadonlyMap<number, string> = new Map([
  [4, 'TOPIC_GOVERNANCE'],
  [12, 'TOPIC_IC_OS_VERSION_DEPLOYMENT'],
  [13, 'TOPIC_IC_OS_VERSION_ELECTION'],
  [17, 'TOPIC_PROTOCOL_CANISTER_MANAGEMENT'],
]);

const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['motion', 'Motion'],
  ['upgrade-canister', 'InstallCode'],
]);

const VOTING_POWER = 46_334_384_189_105_008n;

/**
 * Writes a proposal as `GET /api/v3/proposals/<id>` answers it: the proposal's number is
 * `proposal_id`, while `id` is a row of the database, and tallies are beyond 2^53. A lie replaces
 * fields of the payload.
 *
 * Source: the answer for proposal 137875 as it is kept in a test of dfinity/ic
 */
export function showProposal(stored: StoredProposal, lie: JsonObject = {}): JsonObject {
  const { id, spec, status, topic, timestampSeconds } = stored;
  const { nnsFunction, payload } = showPayload(spec);
  const isDecided = status !== 'open' && status !== 'unknown';
  return {
    action: ACTIONS.get(spec.kind) ?? 'ExecuteNnsFunction',
    action_nns_function: nnsFunction,
    deadline_timestamp_seconds: timestampSeconds + 4n * 24n * 3600n,
    decided_timestamp_seconds: isDecided ? timestampSeconds + 63_718n : 0,
    executed_timestamp_seconds: status === 'executed' ? timestampSeconds + 63_718n : 0,
    failed_timestamp_seconds: status === 'failed' ? timestampSeconds + 63_718n : 0,
    failure_reason: null,
    id: id - ROW_ID_OFFSET,
    known_neurons_ballots: [{ id: '2649066124191664356', name: 'CodeGov', vote: 1 }],
    latest_tally: {
      no: 12_801_443_719n,
      timestamp_seconds: timestampSeconds,
      total: VOTING_POWER,
      yes: 1_204_332_209_316_112n,
    },
    payload: { ...payload, ...lie },
    proposal_id: id,
    proposal_timestamp_seconds: timestampSeconds,
    proposer: '2649066124191664356',
    reject_cost_e8s: 2_500_000_000n,
    reward_status: isDecided ? 'SETTLED' : 'ACCEPT_VOTES',
    settled_at: null,
    status: status.toUpperCase(),
    summary: spec.summary ?? `A proposal of the kind ${spec.kind}.`,
    title: spec.title ?? `Proposal ${id}`,
    topic: TOPICS.get(topic) ?? 'TOPIC_UNSPECIFIED',
    total_potential_voting_power: VOTING_POWER,
    updated_at: new Date(Number(timestampSeconds) * 1000).toISOString(),
    url: spec.url ?? `https://forum.dfinity.org/t/${id}`,
  };
}
