import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import {
  Cbor,
  hashOfMap,
  IC_RESPONSE_DOMAIN_SEPARATOR,
  reconstruct,
  type HashTree,
} from '@dfinity/agent';
import { lebEncode } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { buildTree, join, prune, type TreeEntry } from './hash-tree.js';
import type { NetworkKey } from './network-key.js';

/** How a subnet certifies: who signs, under whose root, for which canisters, at what time. */
export interface Certifying {
  readonly root: NetworkKey;
  /** The subnet's own key under a delegation of the root's; null: the root subnet itself. */
  readonly delegate: NetworkKey | null;
  readonly canisterRange: readonly [first: Principal, last: Principal];
  readonly timeNs: bigint;
  /** Signs something else than the state root. */
  readonly isForged: boolean;
  /** Signs answers to queries as a node of no subnet. */
  readonly isStranger: boolean;
}

const node = generateKeyPairSync('ed25519');
const nodeKey = new Uint8Array(node.publicKey.export({ type: 'spki', format: 'der' }));
const nodeId = Principal.selfAuthenticating(nodeKey);
/** A well-formed id of a node that no subnet names. */
const strangerId = Principal.selfAuthenticating(nodeKey.toReversed());

/**
 * Certifies the answer to a read of the state tree: what the subnet is, or the status of a request.
 * Like a replica, it prunes what was not asked for.
 *
 * Source: Internet Computer interface specification, "Certification" and "State tree"
 */
export async function certifyState(
  how: Certifying,
  requestStatus: TreeEntry | null,
): Promise<Uint8Array> {
  const key = how.delegate ?? how.root;
  const subnet = buildTree([['subnet', [describeSubnet(how, key, true)]]]);
  const time = buildTree([['time', encodeTime(how)]]);
  const tree =
    requestStatus === null
      ? join([subnet, time])
      : join([buildTree([['request_status', [requestStatus]]]), await prune(subnet), time]);
  return encodeCertificate(how, key, tree, await delegate(how));
}

/** Signs the answer to a query as the subnet's one node. */
export function signResponse(how: Certifying, response: Record<string, unknown>): object {
  const timestamp = how.timeNs;
  const hash = Buffer.from(hashOfMap({ ...response, timestamp }));
  if (how.isForged) hash.reverse();
  const signed = Buffer.concat([IC_RESPONSE_DOMAIN_SEPARATOR, hash]);
  const signature = new Uint8Array(signBytes(null, signed, node.privateKey));
  const identity = (how.isStranger ? strangerId : nodeId).toUint8Array();
  return { timestamp, signature, identity };
}

async function delegate(how: Certifying): Promise<object | null> {
  if (how.delegate === null) return null;
  const tree = join([
    buildTree([['subnet', [describeSubnet(how, how.delegate, false)]]]),
    buildTree([['time', encodeTime(how)]]),
  ]);
  return {
    subnet_id: how.delegate.subnetId.toUint8Array(),
    certificate: await encodeCertificate(how, how.root, tree, null),
  };
}

function describeSubnet(how: Certifying, key: NetworkKey, withNodes: boolean): TreeEntry {
  const range = how.canisterRange.map((id) => id.toUint8Array());
  const nodes: TreeEntry[] = [['node', [[nodeId.toUint8Array(), [['public_key', nodeKey]]]]]];
  return [
    key.subnetId.toUint8Array(),
    [
      ['canister_ranges', Cbor.encode([range])],
      ['public_key', key.publicKey],
      ...(withNodes ? nodes : []),
    ],
  ];
}

async function encodeCertificate(
  how: Certifying,
  key: NetworkKey,
  tree: HashTree,
  delegation: object | null,
): Promise<Uint8Array> {
  const stateRoot = Uint8Array.from(await reconstruct(tree));
  if (how.isForged) stateRoot.reverse();
  const signature = key.sign(stateRoot);
  return Cbor.encode({ tree, signature, ...(delegation !== null && { delegation }) });
}

function encodeTime(how: Certifying): Uint8Array {
  return lebEncode(how.timeNs);
}
