import type { EraId } from '../world/era.js';
import { LAYOUTS } from '../world/era.js';
import { SETUPOS_DISK_BYTES } from '../world/ic-mini/ic-mini.js';
import type { Defects } from '../world/ic-mini/defects.js';
import { contradictLines, plan, removeLines, replaceFiles, replaceWithSums } from './cdn-faults.js';
import type { ReportEnd } from './check-desk.js';
import type { Stage } from './stage.js';

/** One story of a check; what comes of it stands in docs/repro-check-conformance.md. */
export interface Story {
  readonly name: string;
  /** Eras that can tell it; all unless told otherwise. */
  readonly isOf?: (era: EraId) => boolean;
  /** What is wrong with the commit; nothing unless told otherwise. */
  readonly defects?: (era: EraId) => Defects;
  /** It mounts a temp filesystem of its own, which not everybody may. */
  readonly mounts?: true;
  readonly play: (stage: Stage) => Promise<ReportEnd>;
}

const ANOTHER = { sha256: 'f'.repeat(64) };
const BOTH = ['--download-source', 'both'];
const NETWORK = ['--download-source', 'network'];
/** The build's container script reads it, whatever the era. */
const FAILING = 'echo "the build cannot go on" >&2\nexit 7\n';
const SMALL_TMPFS = { tempFilesystem: { type: 'tmpfs', sizeBytes: 256 * 1024 } } as const;
/** Room for each image of GuestOS, and not for an archive of both. */
const GUESTOS_ARCHIVE_LIMIT_BYTES = 3.5 * 1024 ** 2;

const hasHostos = (era: EraId): boolean => 'hostos/update-img' in LAYOUTS[era].artifacts;
const hasSetupos = (era: EraId): boolean => 'setupos/disk-img' in LAYOUTS[era].artifacts;
const bare = ({ release }: Stage): readonly string[] => ['-c', release.commit];

export const STORIES: readonly Story[] = [
  { name: 'reproduced', play: (stage) => stage.check(stage.elect()) },
  {
    name: 'reproduced-hostos',
    isOf: hasHostos,
    play: (stage) => stage.check(stage.elect('hostos')),
  },
  { name: 'reproduced-commit', play: (stage) => stage.check([...bare(stage), ...BOTH]) },
  {
    name: 'mismatch',
    defects: () => ({ guestos: ['timestamp'], hostos: ['timestamp'], setupos: ['timestamp'] }),
    play: (stage) => stage.check(stage.elect()),
  },
  {
    name: 'tampered-cdn',
    play: (stage) => {
      plan(stage.systems, stage.paths.files, { kind: 'tamper' });
      return stage.check(stage.elect());
    },
  },
  {
    name: 'tampered-cdn-and-sums',
    play: (stage) => {
      replaceWithSums(stage.systems, stage.roots[0], stage.paths);
      return stage.check(stage.elect());
    },
  },
  {
    name: 'tampered-commit',
    play: (stage) => {
      replaceWithSums(stage.systems, stage.roots[0], stage.paths);
      return stage.check(bare(stage));
    },
  },
  {
    name: 'one-cdn-tampered',
    play: (stage) => {
      replaceWithSums(stage.network, stage.roots[1], stage.paths);
      return stage.check([...bare(stage), ...BOTH]);
    },
  },
  { name: 'tampered-proposal', play: (stage) => stage.check(stage.elect('guestos', ANOTHER)) },
  {
    name: 'tampered-proposal-hostos',
    isOf: hasHostos,
    play: (stage) => stage.check(stage.elect('hostos', ANOTHER)),
  },
  {
    name: 'missing-line',
    play: (stage) => {
      removeLines(stage.systems, stage.paths);
      return stage.check(stage.elect());
    },
  },
  {
    name: 'conflicting-line',
    play: (stage) => {
      contradictLines(stage.systems, stage.paths);
      return stage.check(stage.elect());
    },
  },
  {
    name: 'stale-cache',
    play: async (stage) => {
      await stage.check(stage.elect());
      replaceFiles(stage.systems, stage.paths);
      return stage.check(stage.elect());
    },
  },
  {
    name: 'mended-cdn',
    play: async (stage) => {
      replaceFiles(stage.systems, stage.paths);
      await stage.check(stage.elect());
      plan(stage.systems, stage.paths.files, null);
      return stage.check(stage.elect());
    },
  },
  {
    name: 'one-of-two-down',
    play: (stage) => {
      plan(stage.network, ['/'], { kind: 'down' });
      return stage.check([...bare(stage), ...BOTH]);
    },
  },
  {
    name: 'other-cdn-down',
    play: (stage) => {
      plan(stage.systems, ['/'], { kind: 'down' });
      return stage.check([...stage.elect(), ...NETWORK]);
    },
  },
  {
    name: 'other-cdn-down-commit',
    play: (stage) => {
      plan(stage.systems, ['/'], { kind: 'down' });
      return stage.check([...bare(stage), ...NETWORK]);
    },
  },
  {
    name: 'both-down',
    play: (stage) => {
      for (const host of [stage.systems, stage.network]) plan(host, ['/'], { kind: 'down' });
      return stage.check([...stage.elect(), ...BOTH]);
    },
  },
  {
    name: 'build-failure',
    play: async (stage) => {
      await stage.configure(FAILING);
      return stage.check(stage.elect());
    },
  },
  {
    name: 'failed-and-tampered',
    play: async (stage) => {
      await stage.configure(FAILING);
      replaceFiles(stage.systems, stage.paths);
      return stage.check(stage.elect());
    },
  },
  {
    name: 'out-of-space',
    mounts: true,
    play: (stage) => stage.check(stage.elect(), SMALL_TMPFS),
  },
  {
    name: 'ends-early',
    defects: (era) =>
      hasSetupos(era) ? { setupos: ['unchecked-copy'] } : { guestos: ['unchecked-copy'] },
    play: (stage) =>
      stage.check(stage.elect(), {
        fileSizeLimitBytes: hasSetupos(stage.release.era)
          ? SETUPOS_DISK_BYTES
          : GUESTOS_ARCHIVE_LIMIT_BYTES,
      }),
  },
];
