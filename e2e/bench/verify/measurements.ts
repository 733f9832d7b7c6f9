import type { MeasurementSpec } from '../../world/nns/index.js';

const MEASUREMENT_BYTES = 48;

const proposed: readonly MeasurementSpec[] = ['A', 'B'].map((slot, at) => ({
  measurement: Buffer.alloc(MEASUREMENT_BYTES, at + 1).toString('hex'),
  kernelCmdline: `root=/dev/disk/by-partuuid/bench dfinity.system=${slot} root_hash=${'0'.repeat(64)}`,
}));

/** The launch measurements of a release: as it is proposed, and as its file has them. */
export const MEASUREMENTS = {
  proposed,
  file: JSON.stringify({
    guest_launch_measurements: proposed.map(({ measurement, kernelCmdline }) => ({
      measurement: [...Buffer.from(measurement, 'hex')],
      metadata: { kernel_cmdline: kernelCmdline },
    })),
  }),
};
