import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommitId } from '#libs/encoding';
import {
  collectIntermediates,
  collectOutputs,
  detectEra,
  ERAS,
  loadEras,
  parseSums,
  worktreeReader,
} from '#libs/icos';
import {
  compareWithDashboard,
  createGovernance,
  decodePayload,
  parseDashboardProposal,
} from '#libs/nns';
import type { Governance } from '#libs/nns';
import { artifactsOf, cdnPath, placeOf } from '../artifact.js';
import { ERA_IDS } from '../era.js';
import type { EraId } from '../era.js';
import { startDashboard } from '../dashboard/dashboard.js';
import type { Dashboard } from '../dashboard/dashboard.js';
import { electionOf } from '../election.js';
import { worldEras, writeErasFile } from '../eras-file.js';
import { git } from '../git.js';
import { startNns } from '../nns/index.js';
import type { Nns } from '../nns/index.js';
import { publish } from '../publisher.js';
import type { Published } from '../publisher.js';
import { differing, openTrial } from '../trial.js';
import type { Trial } from '../trial.js';

const hosts = {
  systems: { url: 'http://systems.example' },
  network: { url: 'http://network.example' },
};

let trial: Trial;
let nns: Nns;
let dashboard: Dashboard;
let governance: Governance;
beforeAll(async () => {
  trial = await openTrial();
  nns = await startNns();
  dashboard = await startDashboard(nns);
  governance = await createGovernance({ host: nns.url, rootKey: nns.rootKey });
});
afterAll(async () => {
  await dashboard.close();
  await nns.close();
  await trial.close();
});

const cut = async (era: EraId) => trial.icMini.commit({}, undefined, { era });
/** Files of a folder and below, by their paths from there. */
const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe.each(ERA_IDS)('a release of the era %s', (era) => {
  let commit: CommitId;
  let published: Published<EraId>;
  beforeAll(async () => {
    commit = await cut(era);
    published = await publish({
      ...{ icMini: trial.icMini, commit, era },
      ...{ cdnRoots: [join(trial.dir, era)], workDir: join(trial.dir, 'publisher') },
    });
  });

  test('is published with the bytes that everybody builds, where the project’s table looks', async () => {
    const built = await trial.build(commit, { era });
    expect(differing(built, published)).toEqual([]);
    expect(Object.keys(published.artifacts)).toEqual(artifactsOf(era));

    const row = await detectEra(worktreeReader(built.worktree), worldEras());
    expect(row.id).toBe(era);
    const { outputs, measurements } = await collectOutputs({ worktree: built.worktree, era: row });
    expect(outputs.map(({ artifact, sha256 }) => [artifact, sha256])).toEqual(
      expect.arrayContaining(
        Object.entries(built.artifacts).map(([name, { digest }]) => [name, digest]),
      ),
    );
    expect(outputs).toHaveLength(artifactsOf(era).length);
    const left = await collectIntermediates({
      ...{ home: built.environment.home, era: row, round: null },
    });
    expect(left.map(({ name }) => name)).toEqual(row.intermediates.map(({ name }) => name));
    expect(left.every(({ found }) => found !== null)).toBe(true);
    expect(measurements === null).toBe(published.measurements === null);
    const paths = row.artifacts.map(({ name, cdnDir, file }) => [
      name,
      `/ic/${commit}/${cdnDir}/${file}`,
    ]);
    expect(Object.fromEntries(paths)).toEqual(
      Object.fromEntries(artifactsOf(era).map((name) => [name, cdnPath(name, commit, era)])),
    );
  });

  test('is elected as was usual then, and the dashboard shows the same', async () => {
    for (const os of ['guestos', 'hostos'] as const) {
      const spec = electionOf(hosts, published, os);
      const facts = published.artifacts as Readonly<Record<string, { digest: string } | undefined>>;
      const made = facts[`${os}/update-img`];
      if (spec === null) {
        expect(made).toBeUndefined();
        continue;
      }
      const id = nns.propose(spec);
      const { proposal } = await governance.readProposal(id);
      const decision = decodePayload(proposal.nnsFunction!, proposal.payload!);
      expect(decision).toMatchObject({ kind: 'elects', os, commit, sha256: made?.digest });
      const url = `${dashboard.url}/api/v3/proposals/${id}`;
      const shown = parseDashboardProposal(await (await fetch(url)).text(), id);
      expect(decision.kind === 'elects' && compareWithDashboard(decision, shown)).toEqual([]);
    }
  });

  test('has its sums in each folder of the CDN, and no other file', async () => {
    const release = join(trial.dir, era, 'ic', commit);
    const files = artifactsOf(era).flatMap((name) => {
      const { cdnDir, file, beside } = placeOf(name, era);
      return ['SHA256SUMS', file, ...beside].map((each) => `${cdnDir}/${each}`);
    });
    expect(await filesBelow(release)).toEqual([...new Set(files)].sort());
    for (const sums of files.filter((file) => file.endsWith('SHA256SUMS'))) {
      const { digests } = parseSums(await readFile(join(release, sums), 'utf8'));
      const listed = files.filter((file) => dirname(file) === dirname(sums) && file !== sums);
      expect([...digests.keys()].map((file) => join(dirname(sums), file))).toEqual(listed.sort());
    }
  });
});

test('the file with small figures is the project’s table but for them', async () => {
  const file = join(trial.dir, 'eras.json');
  await writeErasFile(file);
  const small = await loadEras(file);
  const figures = { engine: null, minimumDiskBytes: 0 };
  expect(small.map((era) => ({ ...era, ...figures }))).toEqual(
    ERAS.map((era) => ({ ...era, ...figures })),
  );
  expect(
    small.every(({ engine, minimumDiskBytes }) => engine === null && minimumDiskBytes < 2 ** 30),
  ).toBe(true);
});

describe('the tree of an era', () => {
  const paths = async (era: EraId) =>
    (
      await git([
        `--git-dir=${trial.icMini.gitDir}`,
        'ls-tree',
        '-r',
        '--name-only',
        await cut(era),
      ])
    ).split('\n');

  test('has no script of another', async () => {
    const scripts = async (era: EraId) =>
      (await paths(era)).filter((path) => /(?:^|\/)(?:docker-)?build-ic(?:\.sh)?$/.test(path));
    expect(await scripts('os-folders')).toEqual(['ci/container/build-ic.sh']);
    expect(await scripts('gitlab-os-folders')).toEqual(['gitlab-ci/container/build-ic.sh']);
    expect(await scripts('docker-one-image')).toEqual([
      ...['gitlab-ci/tools/build-ic', 'gitlab-ci/tools/docker-build-ic'],
    ]);
  });

  test('is today’s, with the same commit id as ever, unless an era is named', async () => {
    expect(await cut('recovery-and-measurements')).toBe(await trial.icMini.commit({}));
  });

  test('keeps its defects', async () => {
    const commit = await trial.icMini.commit({ guestos: ['timestamp'] }, undefined, {
      era: 'docker-one-image',
    });
    const wishes = { era: 'docker-one-image' } as const;
    const builds = [await trial.build(commit, wishes), await trial.build(commit, wishes)] as const;
    expect(differing(...builds)).toEqual(['guestos/update-img']);
  });
});

describe('a stamp that asks for branches', () => {
  test('is the commit’s only where a protected branch was fetched with it', async () => {
    const era = 'gitlab-one-image';
    const commit = await cut(era);
    const whole = await trial.build(commit, { era });
    const bare = await trial.build(commit, { era, withoutBranches: true });
    expect(differing(whole, bare)).toEqual(['guestos/update-img']);
  });
});
