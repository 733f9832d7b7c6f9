import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { ProposalAction } from './proposal-spec.js';

/** An NNS function with its encoded argument, and the topic under which it is voted on. */
export interface Execution {
  readonly nnsFunction: number;
  readonly payload: Uint8Array;
  readonly topic: number;
}

type Executing = Exclude<ProposalAction, { kind: 'motion' | 'upgrade-canister' }>;

const ELECTION = 13;
const DEPLOYMENT = 12;
const Texts = IDL.Vec(IDL.Text);
const OptText = IDL.Opt(IDL.Text);
const Nodes = IDL.Vec(IDL.Principal);

/* Source: dfinity/ic, rs/registry/canister/canister/registry.did, at several commits */
const ReviseElectedGuestosVersionsPayload = IDL.Record({
  release_package_urls: Texts,
  replica_versions_to_unelect: Texts,
  replica_version_to_elect: OptText,
  guest_launch_measurements: IDL.Opt(
    IDL.Record({
      guest_launch_measurements: IDL.Vec(
        IDL.Record({
          metadata: IDL.Opt(IDL.Record({ kernel_cmdline: IDL.Text })),
          measurement: IDL.Vec(IDL.Nat8),
        }),
      ),
    }),
  ),
  release_package_sha256_hex: OptText,
});
const ReviseElectedGuestosVersionsPayload2023 = IDL.Record({
  release_package_urls: Texts,
  replica_versions_to_unelect: Texts,
  replica_version_to_elect: OptText,
  guest_launch_measurement_sha256_hex: OptText,
  release_package_sha256_hex: OptText,
});
const BlessReplicaVersionPayload = IDL.Record({
  node_manager_sha256_hex: IDL.Text,
  release_package_url: IDL.Text,
  sha256_hex: IDL.Text,
  replica_version_id: IDL.Text,
  release_package_sha256_hex: IDL.Text,
  node_manager_binary_url: IDL.Text,
  binary_url: IDL.Text,
});
const ReviseElectedHostosVersionsPayload = IDL.Record({
  release_package_urls: Texts,
  hostos_version_to_elect: OptText,
  hostos_versions_to_unelect: Texts,
  release_package_sha256_hex: OptText,
});
const DeployGuestosToAllSubnetNodesPayload = IDL.Record({
  subnet_id: IDL.Principal,
  replica_version_id: IDL.Text,
});
const DeployGuestosToAllUnassignedNodesPayload = IDL.Record({ elected_replica_version: IDL.Text });
const DeployGuestosToSomeApiBoundaryNodes = IDL.Record({ version: IDL.Text, node_ids: Nodes });
const DeployHostosToSomeNodes = IDL.Record({ hostos_version_id: OptText, node_ids: Nodes });

/** Encodes what the proposal executes, with the candid types of its era. */
export function encodeExecution(action: Executing): Execution {
  switch (action.kind) {
    case 'elect-guestos':
      return execution(38, ELECTION, ReviseElectedGuestosVersionsPayload, {
        replica_version_to_elect: [action.commit],
        release_package_sha256_hex: [action.sha256],
        release_package_urls: action.urls,
        replica_versions_to_unelect: action.unelects ?? [],
        guest_launch_measurements: encodeMeasurements(action),
      });
    case 'elect-guestos-2023':
      return execution(38, ELECTION, ReviseElectedGuestosVersionsPayload2023, {
        replica_version_to_elect: [action.commit],
        release_package_sha256_hex: [action.sha256],
        release_package_urls: action.urls,
        replica_versions_to_unelect: action.unelects ?? [],
        guest_launch_measurement_sha256_hex: [],
      });
    case 'bless':
      return execution(5, ELECTION, BlessReplicaVersionPayload, {
        replica_version_id: action.commit,
        release_package_url: action.packageUrl,
        release_package_sha256_hex: action.sha256,
        binary_url: '',
        sha256_hex: '',
        node_manager_binary_url: '',
        node_manager_sha256_hex: '',
      });
    case 'elect-hostos':
      return execution(action.nnsFunction ?? 50, ELECTION, ReviseElectedHostosVersionsPayload, {
        hostos_version_to_elect: [action.commit],
        release_package_sha256_hex: [action.sha256],
        release_package_urls: action.urls,
        hostos_versions_to_unelect: action.unelects ?? [],
      });
    case 'unelect':
      return encodeUnelection(action);
    case 'deploy-to-subnet':
      return execution(11, DEPLOYMENT, DeployGuestosToAllSubnetNodesPayload, {
        subnet_id: Principal.fromText(action.subnetId),
        replica_version_id: action.commit,
      });
    case 'deploy-to-unassigned-nodes':
      return execution(48, DEPLOYMENT, DeployGuestosToAllUnassignedNodesPayload, {
        elected_replica_version: action.commit,
      });
    case 'deploy-to-api-boundary-nodes':
      return execution(47, DEPLOYMENT, DeployGuestosToSomeApiBoundaryNodes, {
        version: action.commit,
        node_ids: action.nodeIds.map((id) => Principal.fromText(id)),
      });
    case 'deploy-hostos':
      return execution(51, DEPLOYMENT, DeployHostosToSomeNodes, {
        hostos_version_id: action.commit === null ? [] : [action.commit],
        node_ids: action.nodeIds.map((id) => Principal.fromText(id)),
      });
    case 'raw':
      return { ...action, topic: action.topic ?? ELECTION };
  }
}

function encodeUnelection({ os, unelects }: Extract<Executing, { kind: 'unelect' }>): Execution {
  const nothing = { release_package_urls: [], release_package_sha256_hex: [] };
  return os === 'guestos'
    ? execution(38, ELECTION, ReviseElectedGuestosVersionsPayload, {
        ...nothing,
        replica_version_to_elect: [],
        replica_versions_to_unelect: unelects,
        guest_launch_measurements: [],
      })
    : execution(50, ELECTION, ReviseElectedHostosVersionsPayload, {
        ...nothing,
        hostos_version_to_elect: [],
        hostos_versions_to_unelect: unelects,
      });
}

function encodeMeasurements({
  measurements,
}: Extract<Executing, { kind: 'elect-guestos' }>): unknown[] {
  if (measurements === undefined) return [];
  const encoded = measurements.map(({ kernelCmdline, measurement }) => ({
    metadata: [{ kernel_cmdline: kernelCmdline }],
    measurement: new Uint8Array(Buffer.from(measurement, 'hex')),
  }));
  return [{ guest_launch_measurements: encoded }];
}

function execution(nnsFunction: number, topic: number, type: IDL.Type, value: object): Execution {
  return { nnsFunction, topic, payload: IDL.encode([type], [value]) };
}
