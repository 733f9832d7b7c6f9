import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Fault } from './fault.js';
import { GovernanceCanister } from './governance-canister.js';
import { serveReplica } from './http-endpoint.js';
import { createNetworkKey } from './network-key.js';
import type { Status, StoredProposal } from './proposal-info.js';
import type { ProposalSpec } from './proposal-spec.js';
import { Replica } from './replica.js';

export type { Fault } from './fault.js';
export type { Status, StoredProposal } from './proposal-info.js';
export type { MeasurementSpec, ProposalAction, ProposalSpec } from './proposal-spec.js';

/** A running stand-in for the NNS. */
export interface Nns {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** DER, 133 bytes; a key of this stand-in's own. */
  readonly rootKey: Uint8Array;
  /** Makes an open proposal and returns its id. */
  propose(spec: ProposalSpec): bigint;
  /** The encoded argument of a proposal's NNS function; null where it executes none. */
  payloadOf(id: bigint): Uint8Array | null;
  /** A proposal as it was made, purged ones too; null where there never was one. */
  proposal(id: bigint): StoredProposal | null;
  setStatus(id: bigint, status: Status): void;
  /** From now on the canister has no such proposal any more; who archived it still has. */
  purge(id: bigint): void;
  /** Makes every answer wrong in one way; null: right again. */
  setFault(fault: Fault | null): void;
  close(): Promise<void>;
}

/** How the stand-in is set up. */
export interface NnsOptions {
  /** The governance canister runs on a subnet under the root subnet, instead of on it. */
  readonly delegation?: boolean;
  /** Default: any free one. */
  readonly port?: number;
}

/**
 * Starts an HTTP server on 127.0.0.1 that answers like a replica of the NNS: CBOR, certificates
 * with BLS signatures under its own root key, query signatures. The real agent runs against it with
 * every verification on; only the root key differs from the Internet Computer's.
 */
export async function startNns({ delegation = false, port = 0 }: NnsOptions = {}): Promise<Nns> {
  const canister = new GovernanceCanister();
  const root = createNetworkKey('root subnet');
  const stranger = createNetworkKey('root subnet of another network');
  const delegate = delegation ? createNetworkKey('subnet of the governance canister') : null;
  const replica = new Replica(canister, { root, stranger, delegate });
  const server = serveReplica(replica);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    rootKey: root.publicKey,
    propose: (spec) => canister.propose(spec),
    payloadOf: (id) => canister.payloadOf(id),
    proposal: (id) => canister.find(id),
    setStatus: (id, status) => {
      canister.setStatus(id, status);
    },
    purge: (id) => {
      canister.purge(id);
    },
    setFault: (fault) => {
      replica.fault = fault;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
