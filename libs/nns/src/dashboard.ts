import { quote } from '#libs/encoding';
import { z } from 'zod';
import type { Elects, LaunchMeasurement, OsKind, UnelectsOnly } from './decision.js';
import { NnsError } from './error.js';

/** Most characters of a dashboard's answer that are read. */
export const MAX_DASHBOARD_CHARACTERS = 4 * 1024 * 1024;

const Text = z.string().max(4096);
const MeasurementRow = z.object({
  measurement: Text,
  metadata: z.object({ kernel_cmdline: Text }).nullish(),
});
const Answer = z.object({
  proposal_id: z.int().nonnegative(),
  payload: z
    .object({
      // GuestOS, since 2023; then HostOS; then GuestOS before.
      replica_version_to_elect: Text.nullish(),
      hostos_version_to_elect: Text.nullish(),
      replica_version_id: Text.nullish(),
      release_package_sha256_hex: Text.nullish(),
      release_package_urls: z.array(Text).max(16).nullish(),
      release_package_url: Text.nullish(),
      guest_launch_measurements: z
        .object({ guest_launch_measurements: z.array(MeasurementRow).max(64).nullish() })
        .nullish(),
    })
    .nullish(),
});

/** What the dashboard shows of a proposal. Nobody signs for it: it confirms or contradicts, no more. */
export interface DashboardProposal {
  readonly proposalId: bigint;
  /** What it elects, by the fields in which versions stand; one at most in a sound answer. */
  readonly elects: readonly { readonly os: OsKind; readonly version: string }[];
  readonly sha256: string | null;
  readonly urls: readonly string[];
  /** Measurements as lower-case hexadecimal; null where the dashboard shows none. */
  readonly launchMeasurements: readonly LaunchMeasurement[] | null;
}

/**
 * Reads the answer of the dashboard's API for one proposal. Fields are looked up in the payload
 * itself: a word in a title or a summary decides nothing.
 *
 * @throws NnsError MALFORMED_ANSWER for an error page, another proposal, or another form
 * Source: `GET https://ic-api.internetcomputer.org/api/v3/proposals/<id>`, as dfinity/ic
 * ci/scripts/repro-check@073431b9 reads it
 */
export function parseDashboardProposal(text: string, id: bigint): DashboardProposal {
  const { proposal_id: proposalId, payload } = parse(text);
  // The field `id` beside it is a row of a database, and another number.
  if (BigInt(proposalId) !== id) {
    throw malformed(`it speaks of proposal ${proposalId}, not of ${id}`);
  }
  const measurements = payload?.guest_launch_measurements?.guest_launch_measurements;
  return {
    proposalId: id,
    elects: (
      [
        ['guestos', payload?.replica_version_to_elect],
        ['hostos', payload?.hostos_version_to_elect],
        ['guestos', payload?.replica_version_id],
      ] as const
    ).flatMap(([os, version]) => (typeof version === 'string' ? [{ os, version }] : [])),
    sha256: payload?.release_package_sha256_hex ?? null,
    urls: payload?.release_package_urls ?? [payload?.release_package_url ?? []].flat(),
    launchMeasurements:
      measurements?.map(({ measurement, metadata }) => ({
        measurement: measurement.toLowerCase(),
        kernelCmdline: metadata?.kernel_cmdline ?? null,
      })) ?? null,
  };
}

/** One point in which the dashboard shows something else than what the subnet certifies. */
export interface DashboardDifference {
  readonly field: 'version' | 'sha256' | 'urls' | 'launch measurements';
  readonly certified: string;
  readonly shown: string;
}

/**
 * Compares what is certified with what the dashboard shows, value by value; an empty list says
 * that they agree. Measurements are hexadecimal here and bytes there.
 */
export function compareWithDashboard(
  decision: Elects | UnelectsOnly,
  shown: DashboardProposal,
): readonly DashboardDifference[] {
  const isElection = decision.kind === 'elects';
  const measurements = isElection ? decision.launchMeasurements : null;
  const rows: readonly (readonly [DashboardDifference['field'], unknown, unknown])[] = [
    ['version', isElection ? [{ os: decision.os, version: decision.commit }] : [], shown.elects],
    ['sha256', isElection ? decision.sha256 : null, shown.sha256],
    ['urls', isElection ? decision.urls : [], shown.urls],
    ['launch measurements', plainly(measurements), plainly(shown.launchMeasurements)],
  ];
  return rows.flatMap(([field, certified, told]) => {
    const [one, other] = [JSON.stringify(certified), JSON.stringify(told)];
    return one === other ? [] : [{ field, certified: one, shown: other }];
  });
}

function plainly(measurements: readonly LaunchMeasurement[] | null): readonly unknown[] {
  return (measurements ?? []).map(({ measurement, kernelCmdline }) => [measurement, kernelCmdline]);
}

function parse(text: string): z.infer<typeof Answer> {
  if (text.length > MAX_DASHBOARD_CHARACTERS) {
    throw malformed(`it has ${text.length} characters, more than ${MAX_DASHBOARD_CHARACTERS}`);
  }
  try {
    return Answer.parse(JSON.parse(text));
  } catch (cause) {
    throw malformed(`it begins with ${quote(text.slice(0, 60))}`, cause);
  }
}

function malformed(problem: string, cause?: unknown): NnsError {
  return new NnsError(
    'MALFORMED_ANSWER',
    `the dashboard's answer is not a proposal in a known form: ${problem}`,
    { cause },
  );
}
