import { decodeExactly, record, text } from './candid-shape.js';
import type { Elects, UnelectsOnly } from './decision.js';
import { toElection } from './election.js';
import { MAX_DIGEST_BYTES, MAX_URL_BYTES, MAX_VERSION_BYTES } from './payload-bounds.js';

/**
 * NNS function 5, 2021-22: one URL, and no versions to unelect. The node manager and the bare
 * binary, which it could name too, were no images and are not looked at.
 *
 * Source: dfinity/ic, an early rs/registry/canister/canister/registry.did,
 * BlessReplicaVersionPayload
 */
const BLESS_REPLICA_VERSION = record({
  replica_version_id: text(MAX_VERSION_BYTES),
  release_package_url: text(MAX_URL_BYTES),
  release_package_sha256_hex: text(MAX_DIGEST_BYTES),
  binary_url: text(MAX_URL_BYTES),
  sha256_hex: text(MAX_DIGEST_BYTES),
  node_manager_binary_url: text(MAX_URL_BYTES),
  node_manager_sha256_hex: text(MAX_DIGEST_BYTES),
});

/** Decodes the payload of NNS function 5. */
export function decodeBlessReplica(payload: Uint8Array): Elects | UnelectsOnly {
  const fields = decodeExactly(BLESS_REPLICA_VERSION, payload);
  return toElection({
    os: 'guestos',
    version: fields.replica_version_id,
    sha256: fields.release_package_sha256_hex,
    urls: [fields.release_package_url],
    launchMeasurements: null,
    unelects: [],
  });
}
