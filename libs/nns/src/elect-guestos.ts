import { toHex } from '#libs/encoding';
import { blob, decodeExactly, opt, record, text, vec } from './candid-shape.js';
import type { Elects, UnelectsOnly } from './decision.js';
import { toElection } from './election.js';
import {
  MAX_CMDLINE_BYTES,
  MAX_DIGEST_BYTES,
  MAX_MEASUREMENTS,
  MAX_UNELECTS,
  MAX_URLS,
  MAX_URL_BYTES,
  MAX_VERSION_BYTES,
  MEASUREMENT_BYTES,
} from './payload-bounds.js';

/**
 * Both eras of NNS function 38: 2023-24 with one digest of the measurement, now with the
 * measurements themselves. Each era lacks the other's field.
 *
 * Source: dfinity/ic, rs/registry/canister/canister/registry.did,
 * ReviseElectedGuestosVersionsPayload
 */
const REVISE_ELECTED_GUESTOS_VERSIONS = record({
  replica_version_to_elect: opt(text(MAX_VERSION_BYTES)),
  release_package_sha256_hex: opt(text(MAX_DIGEST_BYTES)),
  release_package_urls: vec(text(MAX_URL_BYTES), MAX_URLS),
  replica_versions_to_unelect: vec(text(MAX_VERSION_BYTES), MAX_UNELECTS),
  guest_launch_measurement_sha256_hex: opt(text(MAX_DIGEST_BYTES)),
  guest_launch_measurements: opt(
    record({
      guest_launch_measurements: vec(
        record({
          metadata: opt(record({ kernel_cmdline: text(MAX_CMDLINE_BYTES) })),
          measurement: blob(MEASUREMENT_BYTES),
        }),
        MAX_MEASUREMENTS,
      ),
    }),
  ),
});

/** Decodes the payload of NNS function 38. */
export function decodeElectGuestos(payload: Uint8Array): Elects | UnelectsOnly {
  const fields = decodeExactly(REVISE_ELECTED_GUESTOS_VERSIONS, payload);
  // The older field is a digest *of* a measurement, not a measurement: it is never compared.
  const measurements = fields.guest_launch_measurements?.guest_launch_measurements;
  return toElection({
    os: 'guestos',
    version: fields.replica_version_to_elect,
    sha256: fields.release_package_sha256_hex,
    urls: fields.release_package_urls,
    unelects: fields.replica_versions_to_unelect,
    launchMeasurements:
      measurements?.map(({ metadata, measurement }) => ({
        kernelCmdline: metadata?.kernel_cmdline ?? null,
        measurement: toHex(measurement),
      })) ?? null,
  });
}
