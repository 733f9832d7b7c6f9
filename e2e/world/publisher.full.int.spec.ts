import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { ARTIFACT_NAMES, builtPath, cdnPath } from './artifact.js';
import { OPERATING_SYSTEMS } from './ic-mini/defects.js';
import { startMirror } from './mirror.js';
import { publish } from './publisher.js';
import { TARGETS } from './tampering.js';
import { openTrial } from './trial.js';
import type { Trial } from './trial.js';

let trial: Trial;
let hosts: string[];
const publishing = () => ({
  icMini: trial.icMini,
  cdnRoots: hosts,
  workDir: join(trial.dir, 'work'),
});
beforeAll(async () => {
  trial = await openTrial();
  hosts = ['systems', 'network'].map((name) => join(trial.dir, name));
});
afterAll(() => trial.close());

describe('a publication', () => {
  test('has on both hosts what every builder of a clean release builds', async () => {
    const commit = await trial.icMini.commit({});
    const published = await publish({ ...publishing(), commit });
    const built = await trial.build(commit);
    for (const name of ARTIFACT_NAMES) {
      const { digest, sizeBytes, cdnPath: path } = published.artifacts[name];
      expect({ digest, sizeBytes }).toEqual(built.artifacts[name]);
      expect(path).toBe(cdnPath(name, commit));
      for (const host of hosts) expect(sha256(await readFile(join(host, path)))).toBe(digest);
    }
    const measurements = await readFile(
      join(built.worktree, builtPath('guestos/launch-measurements')),
      'utf8',
    );
    expect(published.measurements).toEqual(JSON.parse(measurements));
    expect(await readdir(join(trial.dir, 'work'))).toEqual([]);
  });

  test('has sums with one space in each folder', async () => {
    const commit = await trial.icMini.commit({});
    const { artifacts } = await publish({ ...publishing(), commit });
    const sums = await readFile(
      join(hosts[1]!, `ic/${commit}/guest-os/update-img/SHA256SUMS`),
      'utf8',
    );
    expect(sums).toBe(
      `${artifacts['guestos/launch-measurements'].digest} launch-measurements.json\n` +
        `${artifacts['guestos/update-img'].digest} update-img.tar.zst\n`,
    );
    expect(await readdir(join(hosts[0]!, `ic/${commit}`))).toEqual([
      ...['guest-os', 'host-os', 'setup-os'],
    ]);
  });

  test('follows the mirror that the publisher saw', async () => {
    const mirror = await startMirror();
    try {
      const commit = await trial.icMini.commit({ hostos: ['package-drift'] });
      const seen = async (state: number) => {
        mirror.set('dfinity', state);
        const mirrorUrl = mirror.url('dfinity');
        return (await publish({ ...publishing(), commit, mirrorUrl })).artifacts;
      };
      const [monday, friday] = [await seen(0), await seen(5)];
      expect(monday['hostos/update-img'].digest).not.toBe(friday['hostos/update-img'].digest);
      expect(monday['guestos/update-img']).toEqual(friday['guestos/update-img']);
    } finally {
      await mirror.close();
    }
  });
});

describe('a tampered publication', () => {
  test.each(OPERATING_SYSTEMS)('is a sound %s image with one program changed', async (os) => {
    const commit = await trial.icMini.commit({});
    const honest = await trial.build(commit);
    const published = await publish({ ...publishing(), commit, tamper: os });
    const { artifact, members, filesystem, program } = TARGETS[os];
    const changed = ARTIFACT_NAMES.filter(
      (name) => published.artifacts[name].digest !== honest.artifacts[name].digest,
    );
    expect(changed).toEqual([artifact]);
    const path = join(hosts[0]!, published.artifacts[artifact].cdnPath);
    expect(await readFile(join(path, '../SHA256SUMS'), 'utf8')).toContain(
      published.artifacts[artifact].digest,
    );

    const programIn = async (archive: string, name: string) => {
      const room = join(trial.dir, `${os}-${name}`);
      await mkdir(room);
      await execa('tar', ['--zstd', '-xf', archive, '-C', room]);
      expect((await readdir(room)).toSorted()).toEqual([...members].toSorted());
      const image = join(room, filesystem);
      if (!filesystem.includes('?')) await execa('e2fsck', ['-fn', image]);
      await execa('debugfs', ['-R', `dump ${program} ${room}/program`, image]);
      return readFile(join(room, 'program'));
    };
    const before = await programIn(join(honest.worktree, builtPath(artifact)), 'honest');
    const after = await programIn(path, 'tampered');
    expect(after.byteLength).toBe(before.byteLength);
    expect([...after].filter((byte, index) => byte !== before[index])).toHaveLength(1);
  });

  test('keeps the members and the wrapping of its era', async () => {
    const era = 'gitlab-one-image';
    const commit = await trial.icMini.commit({}, undefined, { era });
    const honest = await trial.build(commit, { era });
    const published = await publish({ ...publishing(), commit, era, tamper: 'guestos' });
    const { digest, cdnPath: path } = published.artifacts['guestos/update-img'];
    expect(digest).not.toBe(honest.artifacts['guestos/update-img'].digest);
    const list = async (archive: string) => (await execa('tar', ['-tzf', archive])).stdout;
    expect(await list(join(hosts[0]!, path))).toBe(
      await list(join(honest.worktree, builtPath('guestos/update-img', era))),
    );
    const sums = await readFile(join(hosts[0]!, path, '../SHA256SUMS'), 'utf8');
    expect(sums).toMatch(
      new RegExp(`^${digest} \\*update-img.tar.gz\\n[0-9a-f]{64} \\*update-img.tar.zst\\n$`),
    );
  });
});
