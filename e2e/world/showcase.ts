import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { electGuestos } from '../scenarios/parts.js';
import { mirrorConf } from './builder-environment/builder-environment.js';
import type { Defects } from './ic-mini/defects.js';
import type { ProposalSpec } from './nns/index.js';
import { publish } from './publisher.js';
import type { Published } from './publisher.js';
import type { World } from './world.js';

/** The NNS's own subnet: any well-formed subnet would do. */
const SUBNET_ID = 'tdb26-jop6k-aogll-7ltgs-eruif-6kk7m-qpktf-gdiqx-mxtrf-vb5e6-eqe';

/** A release that was built once and lies on both CDN hosts. */
export interface ShownRelease {
  readonly name: 'clean' | 'drift';
  readonly commit: string;
  readonly guestosSha256: string;
}

/** A proposal that can be asked for. */
export interface ShownProposal {
  readonly name: 'elect-clean' | 'elect-drift' | 'unelect' | 'deploy' | 'motion';
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

/**
 * Publishes a clean release and one whose HostOS takes unpinned packages, and proposes to elect, to
 * deploy and to remove; and something that is no business of IC-OS at all.
 *
 * @throws WorldError BUILD_FAILED, COMMAND_FAILED
 */
export async function setUpShowcase(world: World, dir: string): Promise<Showcase> {
  const homes = {
    inStep: await makeHome(world, join(dir, 'home-in-step'), 'in-step', 0),
    movedOn: await makeHome(world, join(dir, 'home-moved-on'), 'moved-on', 2),
  };
  const mirrorUrl = world.mirror.url('in-step');
  const release = async (defects: Defects): Promise<Published> => {
    const commit = await world.icMini.commit(defects);
    const { icMini, cdnRoots, workDir } = world;
    return publish({ icMini, commit, cdnRoots, workDir, mirrorUrl });
  };
  const clean = await release({});
  const drift = await release({ hostos: ['package-drift'] });
  const proposed: readonly (readonly [ShownProposal['name'], string, ProposalSpec])[] = [
    ['elect-clean', 'elect the clean GuestOS', electGuestos({ world, published: clean })],
    [
      'elect-drift',
      'elect GuestOS with drifting HostOS',
      electGuestos({ world, published: drift }),
    ],
    [
      'unelect',
      'remove an old GuestOS, elect none',
      { kind: 'unelect', os: 'guestos', unelects: [world.icMini.master] },
    ],
    [
      'deploy',
      'deploy the clean GuestOS to a subnet',
      { kind: 'deploy-to-subnet', commit: clean.commit, subnetId: SUBNET_ID },
    ],
    ['motion', 'a motion', { kind: 'motion', text: 'Builds should be reproducible.' }],
  ];
  return {
    releases: [shown('clean', clean), shown('drift', drift)],
    proposals: proposed.map(([name, title, spec]) => {
      return { name, title, id: world.nns.propose({ ...spec, title }).toString() };
    }),
    homes,
  };
}

async function makeHome(world: World, home: string, view: string, state: number): Promise<string> {
  world.mirror.set(view, state);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, '.container-run.conf'), mirrorConf(world.mirror.url(view)));
  return home;
}

function shown(name: ShownRelease['name'], { commit, artifacts }: Published): ShownRelease {
  return { name, commit, guestosSha256: artifacts['guestos/update-img'].digest };
}
