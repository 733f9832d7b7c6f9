import { toHex } from '#libs/encoding';
import { z } from 'zod';
import { IcosError } from '../error.js';

/** One SEV-SNP launch measurement of a GuestOS. */
export interface LaunchMeasurement {
  /** The measurement's 48 bytes as hexadecimal, as the dashboard shows it. */
  readonly measurement: string;
  /** The kernel command line that was measured; null where the file names none. */
  readonly kernelCommandLine: string | null;
}

/** Bytes of one measurement (SHA-384). */
export const MEASUREMENT_BYTES = 48;

const File = z.object({
  guest_launch_measurements: z
    .array(
      z.object({
        measurement: z.array(z.int().min(0).max(255)).length(MEASUREMENT_BYTES),
        metadata: z.object({ kernel_cmdline: z.string().max(4096) }).nullish(),
      }),
    )
    .max(64),
});

/**
 * Reads a launch-measurements.json, where each measurement is an array of byte values. Order is
 * kept: the first belongs to slot A, the second to slot B.
 *
 * @throws IcosError MALFORMED_MEASUREMENTS
 * Source: DFINITY's CDN, `guest-os/update-img/launch-measurements.json`; registry.did,
 * GuestLaunchMeasurements
 */
export function parseMeasurements(text: string): readonly LaunchMeasurement[] {
  let file: z.infer<typeof File>;
  try {
    file = File.parse(JSON.parse(text));
  } catch (cause) {
    throw new IcosError(
      'MALFORMED_MEASUREMENTS',
      `the file is no launch-measurements.json: expected guest_launch_measurements, a list of ${MEASUREMENT_BYTES} bytes each`,
      { cause },
    );
  }
  return file.guest_launch_measurements.map(({ measurement, metadata }) => ({
    measurement: toHex(Uint8Array.from(measurement)),
    kernelCommandLine: metadata?.kernel_cmdline ?? null,
  }));
}
