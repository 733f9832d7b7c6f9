import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Figure, Setting } from './benchmark.js';
import { median } from './race.js';
import { writeArtifact } from './verify/artifact.js';
import { type ColdAndWarm, goBothWays, spread } from './verify/laps.js';
import { measureMemory } from './verify/memory.js';
import { openRelease, type ReleaseStand } from './verify/release-stand.js';
import { FULL, QUICK, type Scale } from './verify/scale.js';
import { OUR_WAY, SCRIPT_WAY } from './verify/way.js';

/** Most of the script's time that ours may take. */
const GOALS = { cold: 1 / 3, warm: 1 / 5 };
const INTERRUPTED = 130;
const MIB = 1024 ** 2;
const MAX_PEAK_BYTES = 256 * MIB;

/** A whole verification but for the build, beside the same work as repro-check does it. */
export const verify: Benchmark = {
  name: 'verify',
  question:
    "all of a verification but the build: repro-check's steps in Python, repro-quorum check",
  run: async (setting) => {
    const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-bench-'));
    // Gigabytes lie there: who has no patience must not be left with them.
    const leave = (): void => {
      rmSync(dir, { recursive: true, force: true });
      process.exit(INTERRUPTED);
    };
    process.once('SIGINT', leave).once('SIGTERM', leave);
    try {
      const scale = setting.isQuick ? QUICK : FULL;
      return [
        ...(await compareWays(join(dir, 'ways'), scale, setting)),
        await measurePeak(join(dir, 'memory'), scale, setting),
      ];
    } finally {
      process.off('SIGINT', leave).off('SIGTERM', leave);
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function compareWays(dir: string, scale: Scale, { tell }: Setting): Promise<Figure[]> {
  tell('preparing a repository and an image');
  const stand = await openRelease(dir, {
    scale,
    hosts: ['systems', 'network'],
    writeImage: (path) => writeArtifact(path, scale.artifactBytes),
  });
  try {
    for (const line of whatIsDone(stand, scale)) tell(line);
    const room = join(dir, 'room');
    const [script, ours] = await goBothWays(room, stand, [SCRIPT_WAY, OUR_WAY], scale.laps, tell);
    for (const line of whatTheyTook(script, ours)) tell(line);
    return (['cold', 'warm'] as const).flatMap((state) => figuresOf(state, script, ours));
  } finally {
    await stand.close();
    await rm(dir, { recursive: true, force: true });
  }
}

function whatIsDone({ repository, imageBytes }: ReleaseStand, scale: Scale): readonly string[] {
  const { commits, files, filesPerCommit, fileBytes, laps } = scale;
  const treeMb = (files * fileBytes) / 1e6;
  return [
    `source: ${commits} commits that edit ${filesPerCommit} of ${files} files each, ${repository.objects} objects, ${mb(repository.packedBytes)} packed, ${treeMb.toFixed(0)} MB checked out; git over HTTP`,
    `image: GuestOS, ${mb(imageBytes)} that nothing compresses; a proposal names it on two hosts, which are the two CDNs asked; build: links it, in no time`,
    `the script's way: 4 downloads of it, fsck of the kept clone, full clone, copy of the clone, 7 readings of the images for their digests; warm without the downloads`,
    `ours: proposal certified, 2 downloads of it hashed as they come, one of them synced to the disk, one commit fetched and checked out, built archive read to its end and hashed, machine measured; warm with downloads revalidated`,
    `${laps} time${laps === 1 ? '' : 's'} each way, in turns, from start to exit; files are in the page cache, servers on this machine`,
  ];
}

function whatTheyTook(script: ColdAndWarm, ours: ColdAndWarm): readonly string[] {
  return (['cold', 'warm'] as const).flatMap((state) =>
    [[SCRIPT_WAY.name, script[state]] as const, [OUR_WAY.name, ours[state]] as const].map(
      ([name, { seconds, processorSeconds }]) =>
        `${state}, ${name}: ${spread(seconds)}; of processors, with the git host's: ${spread(processorSeconds)}`,
    ),
  );
}

function figuresOf(state: 'cold' | 'warm', script: ColdAndWarm, ours: ColdAndWarm): Figure[] {
  const [theirs, own] = [median(script[state].seconds), median(ours[state].seconds)];
  const [share, goal] = [own / theirs, GOALS[state]].map((value) => value.toFixed(2));
  return [
    { what: `${state}: ${SCRIPT_WAY.name}`, rate: `${theirs.toFixed(1)} s`, ratio: 1 },
    {
      what: `${state}: ${OUR_WAY.name}`,
      rate: `${own.toFixed(1)} s`,
      ratio: Number((theirs / own).toPrecision(3)),
      sentence: `${state}: ours takes ${share ?? ''} of the script's way (at most ${goal ?? ''})`,
    },
  ];
}

async function measurePeak(dir: string, scale: Scale, { tell }: Setting): Promise<Figure> {
  tell('measuring memory');
  const { peakBytes, imageBytes } = await measureMemory(dir, scale.memoryArtifactBytes);
  const [peak, limit] = [peakBytes, MAX_PEAK_BYTES].map(
    (bytes) => `${(bytes / MIB).toFixed(0)} MiB`,
  );
  return {
    what: `peak memory, image of ${mb(imageBytes)}`,
    rate: peak ?? '',
    ratio: null,
    sentence: `memory: ours has ${peak ?? ''} at most, beside an image of ${mb(imageBytes)} (at most ${limit ?? ''})`,
  };
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}
