import { decodeExactly, opt, record, text, vec } from './candid-shape.js';
import type { Elects, UnelectsOnly } from './decision.js';
import { toElection } from './election.js';
import {
  MAX_DIGEST_BYTES,
  MAX_UNELECTS,
  MAX_URLS,
  MAX_URL_BYTES,
  MAX_VERSION_BYTES,
} from './payload-bounds.js';

/**
 * NNS functions 40 (obsolete) and 50: two names of one shape.
 *
 * Source: dfinity/ic, rs/registry/canister/canister/registry.did,
 * UpdateElectedHostosVersionsPayload and ReviseElectedHostosVersionsPayload
 */
const REVISE_ELECTED_HOSTOS_VERSIONS = record({
  hostos_version_to_elect: opt(text(MAX_VERSION_BYTES)),
  release_package_sha256_hex: opt(text(MAX_DIGEST_BYTES)),
  release_package_urls: vec(text(MAX_URL_BYTES), MAX_URLS),
  hostos_versions_to_unelect: vec(text(MAX_VERSION_BYTES), MAX_UNELECTS),
});

/** Decodes the payload of NNS functions 40 and 50. */
export function decodeElectHostos(payload: Uint8Array): Elects | UnelectsOnly {
  const fields = decodeExactly(REVISE_ELECTED_HOSTOS_VERSIONS, payload);
  return toElection({
    os: 'hostos',
    version: fields.hostos_version_to_elect,
    sha256: fields.release_package_sha256_hex,
    urls: fields.release_package_urls,
    unelects: fields.hostos_versions_to_unelect,
    launchMeasurements: null,
  });
}
