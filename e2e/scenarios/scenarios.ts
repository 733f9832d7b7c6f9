import { FULL_AT_SETUPOS_BYTES } from '../world/ic-mini/ic-mini.js';
import { threeDownload, twoDownload } from './downloaders.js';
import { lateBuilder } from './late-builder.js';
import { electGuestos, five, mirrored } from './parts.js';
import type { Scenario } from './scenario.js';

const MIB = 1024 * 1024;

/** All scenarios. What each comes to stands in docs/scenarios.md, which the tests read. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'seed-split',
    story: 'HostOS installs an unpinned package, and the mirrors have moved on at different times',
    defects: { hostos: ['package-drift'] },
    publisherMirror: 0,
    builders: (world) => five([1, 1, 2, 3, 4].map((state) => mirrored(world, state))),
    proposal: electGuestos,
  },
  {
    name: 'all-agree',
    story: 'everything is pinned, and five different machines get the same bytes',
    defects: {},
    builders: () => five([{}, { umask: 0o077 }, { timezone: 'Asia/Tokyo' }, {}, {}]),
    proposal: electGuestos,
  },
  {
    name: 'contradicted',
    story: 'the published GuestOS was altered after it was built',
    defects: {},
    tamper: 'guestos',
    builders: () => five(),
    proposal: electGuestos,
  },
  {
    name: 'wsl-no-tmpfs',
    story: 'one builder has no tmpfs, and its temp filesystem has blocks of 1 KiB',
    defects: { guestos: ['sparse-map'], hostos: ['sparse-map'] },
    builders: () => {
      const tempFilesystem = { type: 'ext4', sizeBytes: 256 * MIB, blockSizeBytes: 1024 } as const;
      return five([{}, {}, {}, {}, { tempFilesystem }]);
    },
    proposal: electGuestos,
  },
  {
    name: 'out-of-space',
    story: 'one builder’s tmpfs is too small for the build',
    defects: {},
    builders: () => five([{}, {}, {}, {}, { tempFilesystem: { type: 'tmpfs', sizeBytes: MIB } }]),
    proposal: electGuestos,
  },
  {
    name: 'lying-cdn',
    story: 'one of the two CDN hosts serves other bytes than it lists',
    defects: {},
    builders: () => five(),
    proposal: electGuestos,
    sabotage: ({ world, published }) => {
      const { cdnPath } = published.artifacts['guestos/update-img'];
      world.network.setFault(cdnPath, { kind: 'tamper' });
    },
  },
  {
    name: 'same-url-twice',
    story: 'the proposal lists one package URL twice, as proposal 128086 did',
    defects: {},
    builders: () => five(),
    proposal: (scene) => {
      const spec = electGuestos(scene);
      const [first] = 'urls' in spec ? spec.urls : [];
      return { ...spec, urls: [first ?? '', first ?? ''] };
    },
  },
  {
    name: 'unelect-only',
    story: 'the proposal elects nothing, it only removes an old version',
    defects: {},
    builders: () => five(),
    proposal: ({ published }) => ({
      kind: 'unelect',
      os: 'guestos',
      unelects: [published.commit],
    }),
  },
  lateBuilder,
  {
    name: 'two-builders-one-operator',
    story: 'alice answers for two builders, and their mirrors have got to different states',
    defects: { hostos: ['package-drift'] },
    publisherMirror: 1,
    builders: (world) => [
      { operator: 'alice', environment: mirrored(world, 1) },
      { operator: 'alice', environment: mirrored(world, 2) },
      ...['bob', 'carol', 'dave'].map((operator) => ({
        operator,
        environment: mirrored(world, 1),
      })),
    ],
    proposal: electGuestos,
  },
  {
    name: 'source-unavailable',
    story: 'the commit is a hotfix whose source is still private',
    defects: {},
    builders: () => five(),
    proposal: electGuestos,
    sabotage: ({ world }) => {
      world.git.unavailable();
    },
  },
  {
    name: 'truncated-output',
    story: 'one builder’s disk is full at the very end, and the script does not notice',
    defects: { setupos: ['unchecked-copy'] },
    builders: () =>
      five([
        ...[{}, {}, {}, {}],
        { tempFilesystem: { type: 'tmpfs', sizeBytes: FULL_AT_SETUPOS_BYTES } },
      ]),
    proposal: electGuestos,
  },
  twoDownload,
  threeDownload,
];

/** Finds a scenario by its name; undefined when there is none. */
export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
