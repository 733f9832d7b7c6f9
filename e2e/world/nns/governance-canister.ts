import { IDL } from '@dfinity/candid';
import {
  ListProposalInfo,
  ListProposalInfoResponse,
  ProposalInfo,
  type ListProposalInfoValue,
} from './governance-interface.js';
import {
  STATUSES,
  storeProposal,
  toProposalInfo,
  type Status,
  type StoredProposal,
} from './proposal-info.js';
import type { ProposalSpec } from './proposal-spec.js';

/** The first proposal's id; about where the NNS stood in 2025. */
const FIRST_ID = 138_000n;

/** Governance lists at most this many. Source: dfinity/ic, MAX_LIST_PROPOSAL_RESULTS */
const MAX_LISTED = 100;

/** The governance canister's state, and its methods by name. */
export class GovernanceCanister {
  readonly #proposals = new Map<bigint, StoredProposal>();
  readonly #purged = new Set<bigint>();

  propose(spec: ProposalSpec): bigint {
    const id = FIRST_ID + BigInt(this.#proposals.size);
    this.#proposals.set(id, storeProposal(id, spec));
    return id;
  }

  /** Gives a proposal, purged ones too: others have kept them. */
  find(id: bigint): StoredProposal | null {
    return this.#proposals.get(id) ?? null;
  }

  /** Forgets a proposal, as the canister does with old ones; its number is not given again. */
  purge(id: bigint): void {
    this.#purged.add(id);
  }

  setStatus(id: bigint, status: Status): void {
    const stored = this.#proposals.get(id);
    if (stored === undefined) throw new RangeError(`no proposal ${id}`);
    stored.status = status;
  }

  payloadOf(id: bigint): Uint8Array | null {
    return this.#proposals.get(id)?.payload ?? null;
  }

  /** Runs a method on its encoded argument; null: there is no such method. */
  run(method: string, argument: Uint8Array): Uint8Array | null {
    switch (method) {
      case 'get_proposal_info': {
        const [id] = IDL.decode([IDL.Nat64], argument) as [bigint];
        const stored = this.#purged.has(id) ? undefined : this.#proposals.get(id);
        const info = stored === undefined ? [] : [toProposalInfo(stored, false)];
        return IDL.encode([IDL.Opt(ProposalInfo)], [info]);
      }
      case 'list_proposals': {
        const [question] = IDL.decode([ListProposalInfo], argument) as unknown as [
          ListProposalInfoValue,
        ];
        return IDL.encode([ListProposalInfoResponse], [{ proposal_info: this.#list(question) }]);
      }
      default:
        return null;
    }
  }

  #list(question: ListProposalInfoValue): object[] {
    const before = question.before_proposal[0]?.id;
    const limit = question.limit === 0 ? MAX_LISTED : Math.min(question.limit, MAX_LISTED);
    const statuses = [...question.include_status];
    return [...this.#proposals.values()]
      .reverse()
      .filter(({ id }) => !this.#purged.has(id))
      .filter(({ id }) => before === undefined || id < before)
      .filter(({ topic }) => !question.exclude_topic.includes(topic))
      .filter(({ status }) => statuses.length === 0 || statuses.includes(STATUSES.indexOf(status)))
      .slice(0, limit)
      .map((stored) => toProposalInfo(stored, true));
  }
}
