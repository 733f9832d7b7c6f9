import { appendFile, link, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Progress, SUBJECTS, subjectFor } from '#libs/contracts';
import type { BuildOutput } from '#libs/icos';
import { openManifestFile } from '#libs/image';
import { natsUrl } from '#libs/testing';
import { configBelow, scratchDirectory, useConnection } from '../agent.fixture.js';
import { JobStoreService } from '../jobs/job-store.service.js';
import { ProgressService } from '../jobs/progress.service.js';
import { playCoordinator, signerOf } from '../round.fixture.js';
import { buildArchive, outputAt } from './built.fixture.js';
import { KeptStoreService } from './kept-store.service.js';
import { ManifestsService } from './manifests.service.js';

const builder = signerOf(30);
const played = playCoordinator();

const nats = useConnection(natsUrl);

let dir: string;
let worktree: string;
let round: string;
let guest: BuildOutput;
let measurements: BuildOutput;
beforeEach(async () => {
  dir = await scratchDirectory();
  worktree = join(dir, 'build');
  await mkdir(worktree);
  const opened = played.open([builder]);
  round = opened.round;
  await new JobStoreService(configBelow(dir)).add(round, opened.envelope);
  guest = await buildArchive(worktree, 'guestos/update-img', { 'etc/hostname': 'alpha\n' });
  await writeFile(join(worktree, 'measurements.json'), '{}');
  measurements = await outputAt(join(worktree, 'measurements.json'), 'guestos/launch-measurements');
});

function keptOf(more: Readonly<Record<string, string>> = {}): KeptStoreService {
  return new KeptStoreService(configBelow(dir, more));
}

async function make(
  outputs: readonly BuildOutput[],
  more: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): Promise<ReadonlyMap<string, string>> {
  const config = configBelow(dir, more);
  onTestFinished(async () => {});
  const progress = new ProgressService(nats(), builder);
  const jobs = new JobStoreService(config);
  const manifests = new ManifestsService(config, jobs, new KeptStoreService(config), progress);
  return manifests.make(round, outputs, [], signal);
}

describe('of what was built', () => {
  test('a manifest is made of each output, and kept before its root is signed', async () => {
    const roots = await make([guest, measurements]);
    expect([...roots.keys()]).toEqual([guest.artifact, measurements.artifact]);
    const kept = await keptOf().find(round);
    for (const { artifact, sha256, sizeBytes } of [guest, measurements]) {
      const manifest = roots.get(artifact)!;
      expect(kept?.artifacts).toContainEqual({ artifact, sha256, sizeBytes, manifest });
      const file = await openManifestFile(keptOf().paths(round, sha256).manifest);
      expect(file.root).toBe(manifest);
      await file.close();
    }
  });

  test('the images are kept without a copy, and outlive the build’s folder', async () => {
    const { ino } = await stat(guest.file);
    await make([guest]);
    await rm(worktree, { recursive: true });
    expect((await stat(keptOf().paths(round, guest.sha256).image)).ino).toBe(ino);
  });

  test.each([{ KEPT_IMAGES_BYTES: '0' }, { EXPLAIN: 'pages' }])(
    'only the manifests are kept where it is said so: %j',
    async (more) => {
      expect((await make([guest], more)).size).toBe(1);
      const { image, manifest } = keptOf().paths(round, guest.sha256);
      await expect(stat(image)).rejects.toThrow('ENOENT');
      expect((await stat(manifest)).isFile()).toBe(true);
    },
  );

  test('nothing is made or kept with EXPLAIN=off', async () => {
    expect((await make([guest], { EXPLAIN: 'off' })).size).toBe(0);
    expect(await keptOf().find(round)).toBeNull();
  });

  test('the same bytes under two names have one manifest', async () => {
    const file = join(worktree, 'again.tar.zst');
    await link(guest.file, file);
    const again = await outputAt(file, 'guestos-recovery/update-img');
    const roots = await make([guest, again]);
    expect(roots.get(again.artifact)).toBe(roots.get(guest.artifact));
    expect(roots.size).toBe(2);
  });

  test('how far the manifests are is told within the stage of the outputs', async () => {
    const told: Progress[] = [];
    const subject = subjectFor(SUBJECTS.progress, builder.id);
    const subscription = nats().subscribe(subject, {
      callback: (_error, message) => {
        told.push(Progress.parse(message.json<{ data: unknown }>().data));
      },
    });
    onTestFinished(() => subscription.drain());
    await nats().flush();
    await make([guest, measurements]);
    await vi.waitFor(() => {
      expect(told).toContainEqual(expect.objectContaining({ round, stage: 'outputs', percent: 0 }));
    });
  });
});

describe('a manifest that cannot be made fails no build', () => {
  test('it is left out, and the others are made', async () => {
    const missing = { ...guest, file: join(worktree, 'missing') };
    const roots = await make([missing, measurements]);
    expect([...roots.keys()]).toEqual([measurements.artifact]);
    expect((await keptOf().find(round))?.artifacts).toHaveLength(1);
  });

  test('of a file that changed since it was hashed, no root is signed, and nothing is kept', async () => {
    await appendFile(guest.file, 'later');
    expect((await make([guest])).size).toBe(0);
    await expect(stat(keptOf().paths(round, guest.sha256).image)).rejects.toThrow('ENOENT');
  });

  test('of an archive that is none, there is one all the same', async () => {
    await writeFile(join(worktree, 'broken'), Buffer.from('28b52ffd000000', 'hex'));
    const broken = await outputAt(join(worktree, 'broken'), 'setupos/disk-img');
    expect((await make([broken])).size).toBe(1);
  });

  test('where nothing can be kept, none is signed', async () => {
    await writeFile(join(dir, 'state/kept'), 'a file');
    expect((await make([guest])).size).toBe(0);
  });

  test('while the agent stops, and nothing half made stays', async () => {
    expect((await make([guest], {}, AbortSignal.abort())).size).toBe(0);
    expect(await readdir(join(dir, 'state/kept'))).not.toContain(round);
  });
});
