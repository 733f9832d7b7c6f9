import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { walkManifests } from '#libs/divergence';
import { openManifestFile } from '#libs/image';
import type { Figure, Setting } from '../benchmark.js';
import { median } from '../race.js';
import { measureDiffoscope } from './diffoscope.js';
import { type ImagePair, type ImageScale, makeImagePair } from './image-pair.js';

const MIB = 1024 ** 2;
const FULL: ImageScale = { imageBytes: 1024 * MIB, files: 100_000 };
const QUICK: ImageScale = { imageBytes: 32 * MIB, files: 2000 };
const LAPS = 6;

const MOST_RATIO = 1.5;
const MOST_PEAK_BYTES = 300 * MIB;
const MOST_WALK_MS = 3000;
const MOST_MOVED_BYTES = 256 * 1024;

interface Lap {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakBytes: number;
}

/**
 * Makes the manifests of two images that differ in one byte, beside reading, decompressing and hashing
 * the same stream once; then finds that byte's file by walking them, beside diffoscope on the trees.
 */
export async function measureManifests({ isQuick, tell }: Setting): Promise<readonly Figure[]> {
  const dir = await mkdtemp(join(tmpdir(), 'repro-quorum-bench-'));
  try {
    const scale = isQuick ? QUICK : FULL;
    tell(`two images of ${scale.imageBytes / MIB} MiB, ${scale.files} files, one byte apart`);
    const pair = await makeImagePair(dir, scale);
    const cost = await measureCost(dir, pair, isQuick ? 1 : LAPS);
    const walked = await walk(dir, pair);
    return [...cost, ...walked.figures, ...(await measureDiffoscope(pair, walked.ms, tell))];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measureCost(
  dir: string,
  { artifacts, image }: ImagePair,
  laps: number,
): Promise<Figure[]> {
  const [left, right] = artifacts;
  await lap('manifest', right, dir, join(dir, 'right.manifest'));
  return [
    ...(await race('the archive', dir, left, join(dir, 'left.manifest'), laps)),
    ...(await race('the bare image', dir, image, join(dir, 'image.manifest'), laps)),
  ];
}

/**
 * Both ways in turn and back, A B B A, so that what else the machine does hits both. Hashing once
 * decompresses what is compressed, by the same calls; of the bare image it reads holes as they are.
 */
async function race(
  of: string,
  dir: string,
  artifact: string,
  into: string,
  laps: number,
): Promise<Figure[]> {
  const [hashed, made]: [Lap[], Lap[]] = [[], []];
  const hash = async () => hashed.push(await lap('hash', artifact));
  const make = async () => made.push(await lap('manifest', artifact, dir, into));
  for (let at = 0; at < laps; at += 1) {
    for (const way of at % 2 === 0 ? [hash, make] : [make, hash]) await way();
  }
  const wall = medians(hashed, made, ({ ms }) => ms);
  const cpu = medians(hashed, made, ({ cpuMs }) => cpuMs);
  const peakBytes = Math.max(...made.map((one) => one.peakBytes));
  const peak = Math.round(peakBytes / MIB);
  const spent = (ms: number, cpuMs: number): string => `${seconds(ms)}, ${seconds(cpuMs)} of CPU`;
  return [
    { what: `read, unpack, hash ${of} once`, rate: spent(wall.once, cpu.once), ratio: 1 },
    {
      ...{ what: `writeManifest of ${of}`, rate: spent(wall.whole, cpu.whole) },
      ratio: Number((1 / wall.ratio).toPrecision(3)),
      sentence:
        `a manifest of ${of} takes ${wall.ratio.toFixed(2)} times as long as hashing it once ` +
        `(at most ${MOST_RATIO}), and ${cpu.ratio.toFixed(2)} times the processor`,
      isMissed: wall.ratio > MOST_RATIO,
    },
    {
      ...{ what: 'its memory at most', rate: `${peak} MiB`, ratio: null },
      sentence: `writeManifest of ${of} has at most ${peak} MiB in memory (at most ${MOST_PEAK_BYTES / MIB})`,
      isMissed: peakBytes > MOST_PEAK_BYTES,
    },
  ];
}

function medians(
  hashed: readonly Lap[],
  made: readonly Lap[],
  of: (lap: Lap) => number,
): { readonly once: number; readonly whole: number; readonly ratio: number } {
  const [once, whole] = [median(hashed.map(of)), median(made.map(of))];
  return { once, whole, ratio: whole / once };
}

async function lap(...args: readonly string[]): Promise<Lap> {
  const program = join(import.meta.dirname, 'manifest-lap.js');
  const { stdout } = await execa(process.execPath, [program, ...args]);
  return JSON.parse(stdout) as Lap;
}

async function walk(
  dir: string,
  { path }: ImagePair,
): Promise<{ readonly figures: Figure[]; readonly ms: number }> {
  const startMs = performance.now();
  const files = await Promise.all(
    ['left', 'right'].map((name) => openManifestFile(join(dir, `${name}.manifest`))),
  );
  const [left, right] = files.map(({ root, pages }) => ({ root, pages }));
  if (left === undefined || right === undefined) throw new Error('two manifests were expected');
  const { differences, moved } = await walkManifests({ left, right });
  const ms = performance.now() - startMs;
  for (const file of files) await file.close();
  const named = differences.filter(({ location }) => location.at(-1) === path);
  if (named.length !== 1 || differences.length !== 1) {
    const found = differences.map(({ location, left }) => {
      return `${location.join(' › ')} (${Object.keys(left ?? {}).join()})`;
    });
    throw new Error(`expected ${path} alone to differ, found ${found.join(', ')}`);
  }
  const movedBytes = moved.left.bytes + moved.right.bytes;
  const kib = Math.ceil(movedBytes / 1024);
  const figure: Figure = {
    ...{
      what: 'the file that differs is named in',
      rate: `${ms.toFixed(0)} ms, ${kib} KiB`,
      ratio: null,
    },
    sentence: `walking takes ${ms.toFixed(0)} ms (at most ${MOST_WALK_MS}) and moves ${kib} KiB (at most ${MOST_MOVED_BYTES / 1024})`,
    isMissed: ms > MOST_WALK_MS || movedBytes > MOST_MOVED_BYTES,
  };
  return { figures: [figure], ms };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
