import { requestIdOf } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import type { Fault } from './fault.js';
import type { GovernanceCanister } from './governance-canister.js';
import type { TreeEntry } from './hash-tree.js';
import type { NetworkKey } from './network-key.js';
import { certifyState, signResponse, type Certifying } from './subnet.js';

/** What comes in by one of the interface's endpoints, as the agent encodes it. */
interface Content {
  readonly request_type: string;
  readonly method_name: string;
  readonly arg: Uint8Array;
  readonly paths?: Uint8Array[][];
}

type Outcome = { readonly reply: Uint8Array } | { readonly rejected: string };

const GOVERNANCE = Principal.fromText('rrkah-fqaaa-aaaaa-aaaaq-cai');
const REGISTRY = Principal.fromText('rwlgt-iiaaa-aaaaa-aaaaa-cai');
const CANISTER_REJECT = 4;
const OUTDATED_NS = 15n * 60n * 1_000_000_000n;

/** One replica of the subnet that runs the governance canister: answers decoded requests. */
export class Replica {
  fault: Fault | null = null;
  readonly #outcomes = new Map<string, { outcome: Outcome; questions: number }>();
  readonly #canister: GovernanceCanister;
  readonly #keys: {
    readonly root: NetworkKey;
    readonly stranger: NetworkKey;
    readonly delegate: NetworkKey | null;
  };

  constructor(
    canister: GovernanceCanister,
    keys: { root: NetworkKey; stranger: NetworkKey; delegate: NetworkKey | null },
  ) {
    this.#canister = canister;
    this.#keys = keys;
  }

  status(): object {
    return {
      root_key: this.#keys.root.publicKey,
      replica_health_status: 'healthy',
      impl_version: 'stand-in',
    };
  }

  /** Answers a query, signed by one node. */
  query(content: Content): object {
    const outcome = this.#run(content);
    const body =
      'reply' in outcome
        ? { status: 'replied', reply: { arg: outcome.reply } }
        : {
            status: 'rejected',
            reject_code: CANISTER_REJECT,
            reject_message: outcome.rejected,
            error_code: 'IC0503',
          };
    if (this.fault === 'no-certificate') return body;
    const request_id = requestIdOf({ ...content });
    if (this.fault === 'no-signatures') return { ...body, signatures: [] };
    const isForged = this.fault === 'bad-signature' || this.fault === 'forged-answer';
    const how = { ...this.#certifying(), isForged };
    const signature = signResponse(how, { ...body, request_id });
    return { ...body, signatures: [signature] };
  }

  /** Answers an update call, certified by the subnet; null: accepted, ask later. */
  async call(content: Content): Promise<object | null> {
    const requestId = requestIdOf({ ...content });
    const outcome = this.#run(content);
    if (this.fault === 'no-certificate') return { status: 'replied' };
    if (this.fault === 'busy') {
      this.#outcomes.set(Buffer.from(requestId).toString('hex'), { outcome, questions: 0 });
      return null;
    }
    const status = toRequestStatus(requestId, outcome);
    return { status: 'replied', certificate: await certifyState(this.#certifying(), status) };
  }

  /** Answers a read of the state tree: about the subnet, or about an accepted request. */
  async readState({ paths = [] }: Content): Promise<object> {
    if (this.fault === 'no-certificate') return {};
    const requestId = paths[0]?.[1];
    if (requestId === undefined) {
      return { certificate: await certifyState(this.#certifying(), null) };
    }
    const pending = this.#outcomes.get(Buffer.from(requestId).toString('hex'));
    const status: TreeEntry =
      pending === undefined || pending.questions++ === 0
        ? [requestId, [['status', Buffer.from('processing')]]]
        : toRequestStatus(requestId, pending.outcome);
    return { certificate: await certifyState(this.#certifying(), status) };
  }

  #run({ method_name: method, arg }: Content): Outcome {
    if (this.fault === 'reject') return { rejected: 'the canister is stopped' };
    const reply = this.#canister.run(method, arg);
    return reply === null ? { rejected: `canister has no method ${method}` } : { reply };
  }

  #certifying(): Certifying {
    const { root, stranger, delegate } = this.#keys;
    const canister = this.fault === 'stray-canister-range' ? REGISTRY : GOVERNANCE;
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    return {
      root: this.fault === 'wrong-root' ? stranger : root,
      delegate,
      canisterRange: [canister, canister],
      timeNs: this.fault === 'outdated' ? nowNs - OUTDATED_NS : nowNs,
      isForged: this.fault === 'bad-signature',
      isStranger: this.fault === 'unknown-node',
    };
  }
}

function toRequestStatus(requestId: Uint8Array, outcome: Outcome): TreeEntry {
  return 'reply' in outcome
    ? [
        requestId,
        [
          ['status', Buffer.from('replied')],
          ['reply', outcome.reply],
        ],
      ]
    : [
        requestId,
        [
          ['status', Buffer.from('rejected')],
          ['reject_code', Uint8Array.of(CANISTER_REJECT)],
          ['reject_message', Buffer.from(outcome.rejected)],
          ['error_code', Buffer.from('IC0503')],
        ],
      ];
}
