import type { LaunchMeasurement } from '../release/measurements.js';
import {
  compareSides,
  side,
  unseen,
  type CheckSide,
  type ReleaseCheck,
  type ReleaseCheckId,
} from './release-check.js';
import type { ReleaseEvidence } from './release-evidence.js';

const ARTIFACT = 'guestos/launch-measurements';

/**
 * Compares launch measurements by value: bytes, kernel command lines and order. How a file spells
 * them (spaces, hexadecimal on the dashboard, arrays on the CDN) says nothing.
 */
export function checkMeasurements(evidence: ReleaseEvidence): readonly ReleaseCheck[] {
  const { published, proposal, build } = evidence;
  const cdns = published.measurements.map(({ url, measurements }) => {
    const reading = published.observations.find(
      (one) => one.url === url && one.role === 'cdn-bytes',
    );
    return measurements === null
      ? unseen(url, reading?.error?.message ?? 'no launch measurements in a known form')
      : side(url, inOneLine(measurements));
  });
  // Served, and not what the file ought to be: that is no fault of the way to it.
  const isMalformed = published.measurements.some(({ url, measurements }) => {
    const reading = published.observations.find((one) => one.url === url);
    return measurements === null && reading !== undefined && reading.error === null;
  });
  const compare = (id: ReleaseCheckId, sides: readonly CheckSide[]): ReleaseCheck => ({
    ...{ id, artifact: ARTIFACT, sides },
    state: isMalformed ? 'failed' : compareSides(sides),
  });
  return [
    ...(proposal?.measurements == null
      ? []
      : cdns.map((cdn) =>
          compare('proposal-measurements', [
            side('proposal', inOneLine(proposal.measurements ?? [])),
            cdn,
          ]),
        )),
    ...(cdns.length > 1 ? [compare('cdn-measurements', cdns)] : []),
    // One side alone agrees with itself: that is no comparison.
    ...(build === null || cdns.length === 0
      ? []
      : [compare('local-measurements', [localSide(build), ...cdns])]),
  ];
}

function localSide(build: NonNullable<ReleaseEvidence['build']>): CheckSide {
  return build.measurements === null
    ? unseen('local build', 'the build made none')
    : side('local build', inOneLine(build.measurements));
}

/** The whole value in one text, in order; a command line cannot be mistaken for another's end. */
export function inOneLine(measurements: readonly LaunchMeasurement[]): string {
  return JSON.stringify(
    measurements.map(({ measurement, kernelCommandLine }) => [measurement, kernelCommandLine]),
  );
}
