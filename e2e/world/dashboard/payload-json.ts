import type { MeasurementSpec, ProposalSpec } from '../nns/index.js';
import type { Json, JsonObject } from './json.js';

/** A proposal's payload as the dashboard shows it, with the fields of its time. */
export interface ShownPayload {
  /**
   * Which NNS function it calls, in words; null for proposals that call none. No public file shows
   * what the real API writes here for an election: nothing may depend on it.
   */
  readonly nnsFunction: string | null;
  readonly payload: JsonObject;
}

/**
 * Writes a payload as the dashboard does.
 *
 * Source: dfinity/ic repro_check_test.py@94ae3302 (now, and HostOS), gitlab-ci/tools/
 * repro-check.sh@2183f8fa (2021 and 2022); dfinity/dre pull request #382 (2024)
 */
export function showPayload(spec: ProposalSpec): ShownPayload {
  switch (spec.kind) {
    case 'elect-guestos':
      return guestos(spec.commit, spec.sha256, spec.urls, spec.unelects, {
        guest_launch_measurements: showMeasurements(spec.measurements),
      });
    case 'elect-guestos-2023':
      return guestos(spec.commit, spec.sha256, spec.urls, spec.unelects, {
        guest_launch_measurement_sha256_hex: null,
      });
    case 'bless':
      return {
        nnsFunction: 'BlessReplicaVersion',
        payload: {
          binary_url: '',
          node_manager_binary_url: '',
          node_manager_sha256_hex: '',
          release_package_sha256_hex: spec.sha256,
          release_package_url: spec.packageUrl,
          replica_version_id: spec.commit,
          sha256_hex: '',
        },
      };
    case 'elect-hostos':
      return hostos(spec.commit, spec.sha256, spec.urls, spec.unelects, spec.nnsFunction);
    case 'unelect':
      return spec.os === 'guestos'
        ? guestos(null, null, [], spec.unelects, { guest_launch_measurements: null })
        : hostos(null, null, [], spec.unelects, 50);
    case 'deploy-to-subnet':
      return {
        nnsFunction: 'DeployGuestosToAllSubnetNodes',
        payload: { replica_version_id: spec.commit, subnet_id: spec.subnetId },
      };
    case 'deploy-to-unassigned-nodes':
      return {
        nnsFunction: 'DeployGuestosToAllUnassignedNodes',
        payload: { elected_replica_version: spec.commit },
      };
    case 'deploy-to-api-boundary-nodes':
      return {
        nnsFunction: 'DeployGuestosToSomeApiBoundaryNodes',
        payload: { node_ids: spec.nodeIds, version: spec.commit },
      };
    case 'deploy-hostos':
      return {
        nnsFunction: 'DeployHostosToSomeNodes',
        payload: { hostos_version_id: spec.commit, node_ids: spec.nodeIds },
      };
    case 'motion':
      return { nnsFunction: null, payload: { motion_text: spec.text } };
    case 'upgrade-canister':
      return { nnsFunction: null, payload: { canister_id: spec.canisterId } };
    case 'raw':
      return { nnsFunction: null, payload: {} };
  }
}

type Texts = readonly string[];

function guestos(
  version: string | null,
  sha256: string | null,
  urls: Texts,
  unelects: Texts = [],
  ofItsTime: JsonObject,
): ShownPayload {
  return {
    nnsFunction: 'ReviseElectedGuestosVersions',
    payload: {
      ...ofItsTime,
      release_package_sha256_hex: sha256,
      release_package_urls: urls,
      replica_version_to_elect: version,
      replica_versions_to_unelect: unelects,
    },
  };
}

function hostos(
  version: string | null,
  sha256: string | null,
  urls: Texts,
  unelects: Texts = [],
  nnsFunction: 40 | 50 = 50,
): ShownPayload {
  return {
    nnsFunction: nnsFunction === 40 ? 'UpdateElectedHostosVersions' : 'ReviseElectedHostosVersions',
    payload: {
      hostos_version_to_elect: version,
      hostos_versions_to_unelect: unelects,
      release_package_sha256_hex: sha256,
      release_package_urls: urls,
    },
  };
}

/** Hexadecimal, where the canister and the CDN have bytes. */
function showMeasurements(measurements: readonly MeasurementSpec[] | undefined): Json {
  if (measurements === undefined) return null;
  return {
    guest_launch_measurements: measurements.map(({ kernelCmdline, measurement }) => ({
      measurement,
      metadata: { kernel_cmdline: kernelCmdline },
    })),
  };
}
