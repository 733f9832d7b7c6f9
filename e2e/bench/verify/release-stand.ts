import { link, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashFile } from '#libs/icos';
import { builtPath, cdnPath } from '../../world/artifact.js';
import { startDashboard } from '../../world/dashboard/dashboard.js';
import { writeErasFile } from '../../world/eras-file.js';
import { startGitHost } from '../../world/git-host.js';
import type { TreeFile } from '../../world/ic-mini/fast-import.js';
import { startNns } from '../../world/nns/index.js';
import { startFileServer } from './file-server.js';
import { MEASUREMENTS } from './measurements.js';
import { generateRepository, type GeneratedRepository } from './repository.js';
import type { Scale } from './scale.js';

/** One release that a proposal elects: its source, what is published of it, and all their servers. */
export interface ReleaseStand {
  readonly repository: GeneratedRepository;
  readonly imageBytes: number;
  readonly proposalId: string;
  /** Where the dashboard shows the proposal. */
  readonly proposalUrl: string;
  readonly gitUrl: string;
  /** The hosts that publish the image. */
  readonly cdnUrls: readonly string[];
  /** Points `repro-quorum check` here. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** What a release is made of. */
export interface ReleasePlan {
  readonly scale: Scale;
  /** Names of the hosts that publish the image; the proposal names it on each. */
  readonly hosts: readonly [string, ...string[]];
  readonly writeImage: (path: string) => Promise<void>;
}

const IMAGE = 'guestos/update-img';
const MEASURED = 'guestos/launch-measurements';

/**
 * Makes a release of GuestOS below a folder and starts its servers. Its build links prepared files
 * to where a build leaves its own, so that nobody waits for a build.
 */
export async function openRelease(dir: string, plan: ReleasePlan): Promise<ReleaseStand> {
  const prepared = {
    [IMAGE]: join(dir, 'prepared/update-img.tar.zst'),
    [MEASURED]: join(dir, 'prepared/launch-measurements.json'),
  };
  await mkdir(dirname(prepared[IMAGE]), { recursive: true });
  await plan.writeImage(prepared[IMAGE]);
  await writeFile(prepared[MEASURED], MEASUREMENTS.file);
  const image = await hashFile(prepared[IMAGE]);
  const measured = await hashFile(prepared[MEASURED]);
  const sums = `${measured.sha256} launch-measurements.json\n${image.sha256} update-img.tar.zst\n`;

  const repository = await generateRepository(join(dir, 'ic.git'), plan.scale, treeOf(prepared));
  const { commit } = repository;
  const [imagePath, measuredPath] = [cdnPath(IMAGE, commit), cdnPath(MEASURED, commit)];
  const cdns = await Promise.all(
    plan.hosts.map(async (host) => {
      const root = join(dir, host);
      await mkdir(dirname(join(root, imagePath)), { recursive: true });
      await link(prepared[IMAGE], join(root, imagePath));
      await link(prepared[MEASURED], join(root, measuredPath));
      await writeFile(join(root, dirname(imagePath), 'SHA256SUMS'), sums);
      return startFileServer(root);
    }),
  );
  const urls = cdns.map(({ url }) => `${url}${imagePath}`);

  const nns = await startNns({ delegation: true });
  const dashboard = await startDashboard(nns);
  const git = await startGitHost({ 'dfinity/ic': repository.gitDir });
  const proposalId = nns.propose({
    ...{ kind: 'elect-guestos', commit, sha256: image.sha256, urls },
    measurements: MEASUREMENTS.proposed,
  });
  const erasFile = join(dir, 'eras.json');
  await writeErasFile(erasFile);
  const cdnUrls = cdns.map(({ url }) => url);
  const [cdnUrl = '', otherCdnUrl = cdnUrl] = cdnUrls;
  const gitUrl = git.urlOf('dfinity/ic');
  return {
    ...{ repository, gitUrl, cdnUrls, imageBytes: image.sizeBytes, proposalId: `${proposalId}` },
    proposalUrl: `${dashboard.url}/api/v3/proposals/${proposalId}`,
    environment: {
      REPRO_QUORUM_NNS_HOST: nns.url,
      REPRO_QUORUM_NNS_ROOT_KEY: Buffer.from(nns.rootKey).toString('hex'),
      REPRO_QUORUM_GIT_URL: gitUrl,
      REPRO_QUORUM_CDN_SYSTEMS: cdnUrl,
      REPRO_QUORUM_CDN_NETWORK: otherCdnUrl,
      REPRO_QUORUM_DASHBOARD: dashboard.url,
      REPRO_QUORUM_ERAS: erasFile,
    },
    close: async () => {
      await Promise.all([nns, dashboard, git, ...cdns].map((server) => server.close()));
    },
  };
}

function treeOf(prepared: Readonly<Record<typeof IMAGE | typeof MEASURED, string>>): TreeFile[] {
  const links = ([IMAGE, MEASURED] as const).map((name) => {
    const target = builtPath(name);
    return `mkdir -p '${dirname(target)}'\nln '${prepared[name]}' '${target}'\n`;
  });
  // The comment is the mark by which the era is known.
  const script = `#!/bin/sh\n# guestos/update-img-recovery is not built here\nset -e\n${links.join('')}`;
  return [
    { path: '.gitignore', executable: false, content: Buffer.from('/artifacts/\n') },
    { path: 'ci/container/build-ic.sh', executable: true, content: Buffer.from(script) },
  ];
}
