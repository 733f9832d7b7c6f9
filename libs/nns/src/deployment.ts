import { decodeExactly, opt, principal, record, text, vec } from './candid-shape.js';
import { toCommit } from './commit-field.js';
import type { Deploys } from './decision.js';
import { malformedPayload } from './error.js';
import { MAX_NODES, MAX_VERSION_BYTES } from './payload-bounds.js';

const version = text(MAX_VERSION_BYTES);
const nodes = vec(principal, MAX_NODES);

/*
 * Source: dfinity/ic, rs/registry/canister/canister/registry.did,
 * DeployGuestosToAllSubnetNodesPayload, DeployGuestosToSomeApiBoundaryNodes,
 * DeployGuestosToAllUnassignedNodesPayload, DeployHostosToSomeNodes
 */
const TO_SUBNET = record({ subnet_id: principal, replica_version_id: version });
const TO_API_BOUNDARY_NODES = record({ version, node_ids: nodes });
const TO_UNASSIGNED_NODES = record({ elected_replica_version: version });
const HOSTOS_TO_NODES = record({ hostos_version_id: opt(version), node_ids: nodes });

/** Decodes the payload of NNS function 11. */
export function decodeDeployToSubnet(payload: Uint8Array): Deploys {
  const fields = decodeExactly(TO_SUBNET, payload);
  const commit = toCommit(fields.replica_version_id);
  return deploys('guestos', commit, { kind: 'subnet', subnetId: fields.subnet_id });
}

/** Decodes the payload of NNS function 47. */
export function decodeDeployToApiBoundaryNodes(payload: Uint8Array): Deploys {
  const fields = decodeExactly(TO_API_BOUNDARY_NODES, payload);
  const nodeIds = atLeastOne(fields.node_ids);
  return deploys('guestos', toCommit(fields.version), { kind: 'api-boundary-nodes', nodeIds });
}

/** Decodes the payload of NNS function 48. */
export function decodeDeployToUnassignedNodes(payload: Uint8Array): Deploys {
  const fields = decodeExactly(TO_UNASSIGNED_NODES, payload);
  const commit = toCommit(fields.elected_replica_version);
  return deploys('guestos', commit, { kind: 'unassigned-nodes' });
}

/** Decodes the payload of NNS function 51. */
export function decodeDeployHostos(payload: Uint8Array): Deploys {
  const fields = decodeExactly(HOSTOS_TO_NODES, payload);
  if (fields.hostos_version_id === null) {
    throw malformedPayload(
      'its HostOS version is null: it takes the recorded version away from nodes and deploys none, so there is no release to look up',
    );
  }
  const nodeIds = atLeastOne(fields.node_ids);
  return deploys('hostos', toCommit(fields.hostos_version_id), { kind: 'nodes', nodeIds });
}

function deploys(os: Deploys['os'], commit: Deploys['commit'], to: Deploys['to']): Deploys {
  return { kind: 'deploys', os, commit, to };
}

function atLeastOne(nodeIds: string[]): string[] {
  if (nodeIds.length === 0) throw malformedPayload('it deploys to no node');
  return nodeIds;
}
