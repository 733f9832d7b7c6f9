import type { FileFacts } from './build-release.js';
import type { Cdn } from './cdn/cdn.js';
import type { EraId } from './era.js';
import type { MeasurementSpec, ProposalSpec } from './nns/index.js';
import type { LaunchMeasurements, Published } from './publisher.js';

/** What a proposal elects. */
export type ElectedOs = 'guestos' | 'hostos';

/** How GuestOS was elected at the time of an era: NNS function 5, or 38 with the fields of its time. */
const GUESTOS_FORMS: Readonly<Record<EraId, 'bless' | 'elect-guestos-2023' | 'elect-guestos'>> = {
  'attested-sums': 'elect-guestos',
  'recovery-and-measurements': 'elect-guestos',
  measurements: 'elect-guestos',
  'update-folders': 'elect-guestos',
  'os-folders': 'elect-guestos-2023',
  'gitlab-os-folders': 'elect-guestos-2023',
  'gitlab-os-folders-gz': 'elect-guestos-2023',
  'gitlab-one-image': 'elect-guestos-2023',
  'docker-one-image': 'bless',
};

/** Eras whose HostOS was still elected by NNS function 40. */
const OLD_HOSTOS: ReadonlySet<EraId> = new Set(['gitlab-os-folders', 'gitlab-os-folders-gz']);

/**
 * The proposal that elects a published release, in the form that proposals had at the time of the
 * release's era; null where the era makes no such image.
 */
export function electionOf(
  { systems, network }: Readonly<Record<'systems' | 'network', Pick<Cdn, 'url'>>>,
  { commit, era, artifacts, measurements }: Published<EraId>,
  os: ElectedOs = 'guestos',
): ProposalSpec | null {
  const facts: Readonly<Record<string, Elected | undefined>> = artifacts;
  const elected = facts[`${os}/update-img`];
  if (elected === undefined) return null;
  const { digest: sha256, cdnPath } = elected;
  const urls = [systems, network].map(({ url }) => `${url}${cdnPath}`);
  const title = `Elect new IC/${os === 'guestos' ? 'GuestOS' : 'HostOS'} revision (commit ${commit.slice(0, 8)})`;
  if (os === 'hostos') {
    const nnsFunction = OLD_HOSTOS.has(era) ? 40 : 50;
    return { kind: 'elect-hostos', title, commit, sha256, urls, nnsFunction };
  }
  switch (GUESTOS_FORMS[era]) {
    case 'bless':
      return { kind: 'bless', title, commit, sha256, packageUrl: `${systems.url}${cdnPath}` };
    case 'elect-guestos-2023':
      return { kind: 'elect-guestos-2023', title, commit, sha256, urls };
    case 'elect-guestos':
      return {
        ...{ kind: 'elect-guestos', title, commit, sha256, urls },
        ...(measurements && { measurements: toProposed(measurements) }),
      };
  }
}

type Elected = FileFacts & { readonly cdnPath: string };

/** Writes the measurements of a release as a proposal carries them. */
function toProposed({ guest_launch_measurements: rows }: LaunchMeasurements): MeasurementSpec[] {
  return rows.map(({ measurement, metadata }) => ({
    kernelCmdline: metadata.kernel_cmdline,
    measurement: Buffer.from(measurement).toString('hex'),
  }));
}
