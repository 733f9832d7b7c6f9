import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import type { Difference, Finding } from '#libs/divergence';
import type { ArtifactOutput } from './artifact-output.js';
import type { Side } from './side.js';

/** What is handed over: a few files, none of them an image. */
const MAX_FILES = 4;
const MAX_FILE_BYTES = 16 * 1024 ** 2;
const MAX_TEXT_CHARACTERS = 64 * 1024;
const TIMEOUT_MS = 60_000;

/**
 * Has `diffoscope` look at files that differ and are no containers to us, where it is installed. It
 * gets the two files alone, under names made here: nothing that an archive names reaches a path or an
 * argument. What it cannot do, in time or at all, is left out.
 */
export async function diffoscopeOf(
  findings: readonly Finding[],
  left: Side,
  right: Side,
  folder: string,
): Promise<ArtifactOutput['diffoscope']> {
  const wanted = findings.filter(isFileContent).map(({ difference }) => difference);
  const unique = new Map(wanted.map((one) => [JSON.stringify(one.location), one]));
  if (unique.size === 0 || !(await isInstalled())) return [];
  const reports: ArtifactOutput['diffoscope'] = [];
  for (const { location } of [...unique.values()].slice(0, MAX_FILES)) {
    const text = await compareBy(location, left, right, join(folder, `pair-${reports.length}`));
    if (text !== null) reports.push({ location: [...location], text });
  }
  return reports;
}

function isFileContent({ difference, impliedBy }: Finding): boolean {
  const { kind, aspects, left, right } = difference;
  const isWithin = left?.['inside'] !== undefined || right?.['inside'] !== undefined;
  const isOnBoth = left !== null && right !== null;
  return kind === 'file' && isOnBoth && !isWithin && aspects.includes('content') && !impliedBy;
}

async function isInstalled(): Promise<boolean> {
  const { failed } = await execa('diffoscope', ['--version'], {
    reject: false,
    timeout: TIMEOUT_MS,
  });
  return !failed;
}

async function compareBy(
  location: Difference['location'],
  left: Side,
  right: Side,
  folder: string,
): Promise<string | null> {
  const name = safeName(location);
  for (const [side, { bytes }] of [['left', left] as const, ['right', right] as const]) {
    const answer = await bytes.bytes(location, 0, MAX_FILE_BYTES + 1).catch(() => null);
    if (answer === null || answer.bytes.length > MAX_FILE_BYTES) return null;
    await mkdir(join(folder, side), { recursive: true });
    await writeFile(join(folder, side, name), answer.bytes, { flag: 'wx' });
  }
  const pair = ['left', 'right'].map((side) => join(side, name));
  const { exitCode, stdout } = await execa(
    'diffoscope',
    ['--no-progress', '--text', '-', ...pair],
    {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TMPDIR: folder, HOME: folder },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_TEXT_CHARACTERS,
    },
  );
  // 1 says that they differ; what was cut off at the limit has no exit code, and is still worth it.
  return stdout === '' || exitCode === 2 ? null : stdout.slice(0, MAX_TEXT_CHARACTERS);
}

/** The last of its name, for tools that go by the ending; nothing of a path, and no option. */
function safeName(location: Difference['location']): string {
  const last = basename(location.findLast((segment) => segment !== '') ?? '');
  return `file-${last.replaceAll(/[^\w.-]/g, '_').slice(-80)}`;
}
