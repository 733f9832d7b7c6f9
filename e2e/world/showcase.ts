import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mirrorConf } from './builder-environment/builder-environment.js';
import { electionOf } from './election.js';
import type { ElectedOs } from './election.js';
import type { EraId } from './era.js';
import type { ProposalSpec } from './nns/index.js';
import type { Published } from './publisher.js';
import { publishShown } from './shown-release.js';
import type { ShownRelease, ShownReleases } from './shown-release.js';
import type { World } from './world.js';

/** The NNS's own subnet: any well-formed subnet would do. */
const SUBNET_ID = 'tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe';

/** A proposal that can be asked for. */
export interface ShownProposal {
  readonly name:
    | 'elect-clean'
    | 'elect-drift'
    | 'unelect'
    | 'deploy'
    | 'motion'
    | `elect-${ElectedOs}-of-${EraId}`
    | `elect-tampered-${ElectedOs}`
    | 'elect-other-digest'
    | 'elect-same-url-twice'
    | 'elect-purged';
  readonly id: string;
  readonly title: string;
}

/** What there is to try things on. */
export interface Showcase {
  readonly releases: readonly ShownRelease[];
  readonly proposals: readonly ShownProposal[];
  /** Homes for builds: the package mirror stands as it did for the publisher, or has moved on. */
  readonly homes: { readonly inStep: string; readonly movedOn: string };
}

type Proposed = readonly [name: ShownProposal['name'], title: string, spec: ProposalSpec | null];

/**
 * Publishes a clean release, one whose HostOS takes unpinned packages, one of each era and two that
 * were altered after they were built; proposes to elect all of them, to deploy and to remove, and
 * something that is no business of IC-OS at all.
 *
 * @throws WorldError BUILD_FAILED, COMMAND_FAILED
 */
export async function setUpShowcase(world: World, dir: string): Promise<Showcase> {
  const homes = {
    inStep: await makeHome(world, join(dir, 'home-in-step'), 'in-step', 0),
    movedOn: await makeHome(world, join(dir, 'home-moved-on'), 'moved-on', 2),
  };
  const releases = await publishShown(world, world.mirror.url('in-step'));
  const proposed = [
    ...usualProposals(world, releases),
    ...eraProposals(world, releases),
    ...doubtfulProposals(world, releases),
  ];
  const proposals = proposed.flatMap(([name, title, spec]) =>
    spec === null ? [] : [{ name, title, id: world.nns.propose({ ...spec, title }).toString() }],
  );
  const purged = proposals.find(({ name }) => name === 'elect-purged');
  if (purged) world.nns.purge(BigInt(purged.id));
  return { releases: releases.shown, proposals, homes };
}

async function makeHome(world: World, home: string, view: string, state: number): Promise<string> {
  world.mirror.set(view, state);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, '.container-run.conf'), mirrorConf(world.mirror.url(view)));
  return home;
}

function usualProposals(world: World, { clean, drift }: ShownReleases): Proposed[] {
  const { commit } = clean;
  const unelects = [world.icMini.master];
  return [
    ['elect-clean', 'elect the clean GuestOS', electionOf(world, clean)],
    ['elect-drift', 'elect GuestOS with drifting HostOS', electionOf(world, drift)],
    ['unelect', 'remove an old GuestOS, elect none', { kind: 'unelect', os: 'guestos', unelects }],
    [
      'deploy',
      'deploy the clean GuestOS to a subnet',
      { kind: 'deploy-to-subnet', commit, subnetId: SUBNET_ID },
    ],
    ['motion', 'a motion', { kind: 'motion', text: 'Builds should be reproducible.' }],
  ];
}

function eraProposals(world: World, { ofEras }: ShownReleases): Proposed[] {
  return ofEras.flatMap((release: Published<EraId>): Proposed[] => [
    [
      `elect-guestos-of-${release.era}`,
      `elect GuestOS, as in the era ${release.era}`,
      electionOf(world, release, 'guestos'),
    ],
    [
      `elect-hostos-of-${release.era}`,
      `elect HostOS, as in the era ${release.era}`,
      electionOf(world, release, 'hostos'),
    ],
  ]);
}

function doubtfulProposals(world: World, { clean, tampered }: ShownReleases): Proposed[] {
  const elect = electionOf(world, clean);
  const [url = ''] = elect && 'urls' in elect ? elect.urls : [];
  const change = (fields: object): ProposalSpec | null => elect && { ...elect, ...fields };
  return [
    [
      'elect-tampered-guestos',
      'elect a GuestOS that was altered after it was built',
      electionOf(world, tampered.guestos, 'guestos'),
    ],
    [
      'elect-tampered-hostos',
      'elect a HostOS that was altered after it was built',
      electionOf(world, tampered.hostos, 'hostos'),
    ],
    [
      'elect-other-digest',
      'elect the clean GuestOS by a digest that is not its own',
      change({ sha256: 'f'.repeat(64) }),
    ],
    [
      'elect-same-url-twice',
      'elect the clean GuestOS with one URL listed twice',
      change({ urls: [url, url] }),
    ],
    [
      'elect-purged',
      'elect the clean GuestOS; the canister has forgotten it, the dashboard has not',
      elect,
    ],
  ];
}
