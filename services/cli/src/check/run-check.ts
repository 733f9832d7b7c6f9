import type { CheckReport } from '#libs/contracts';
import type { CommitId } from '#libs/encoding';
import type { MachineFinding } from '#libs/fingerprint';
import {
  createAllowList,
  factsOfRebuild,
  FetchCache,
  judgeRelease,
  observePublished,
  openDownloadCache,
  rebuildRelease,
  type ArtifactName,
  type Era,
  type JudgedRelease,
  type Published,
  type RebuildEnd,
} from '#libs/icos';
import { selectArtifacts } from './components.js';
import type { Endpoints } from './endpoints.js';
import { environmentFor, hardFinding, tellMachine, type MeasuredMachine } from './machine.js';
import type { Progress } from './progress.js';
import type { ReadProposal } from './proposal.js';
import { checkProvenance } from './provenance.js';
import type { CheckRequest } from './request.js';
import type { Workspace } from './workspace.js';

/** Everything that a run needs to know before it begins. */
export interface CheckRun {
  readonly request: CheckRequest;
  readonly endpoints: Endpoints;
  readonly base: Readonly<NodeJS.ProcessEnv>;
  readonly eras: readonly Era[] | undefined;
  readonly commit: CommitId;
  readonly proposal: ReadProposal | null;
  readonly workspace: Workspace;
  readonly machine: MeasuredMachine;
  /** What the machine was found to be like before the commit's era was known. */
  readonly findings: readonly MachineFinding[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** What a run found. */
export interface CheckFindings {
  readonly end: RebuildEnd;
  readonly published: Published;
  readonly judged: JudgedRelease;
  readonly provenance: CheckReport['provenance'];
  readonly facts: CheckReport['facts'];
  /** What the machine was found to be like, for this commit as far as it is known. */
  readonly machine: readonly MachineFinding[];
}

const NOTHING: Published = {
  ...{ observations: [], duplicateUrls: [], sumsFiles: [], measurements: [] },
};

/**
 * Fetches, downloads and builds at one time, and judges what came of it.
 *
 * @throws IcosError INTERRUPTED; CommandError for a component that the commit does not build
 */
export async function runCheck(run: CheckRun): Promise<CheckFindings> {
  const { request, commit, signal, progress, workspace } = run;
  const cache = await openDownloadCache({ dir: workspace.downloadDir, commit, signal });
  const { cdns } = run.endpoints;
  const fetches = new FetchCache({
    ...{ cache, signal },
    allow: createAllowList([cdns.systems, cdns.network].map((url) => new URL(url).origin)),
    onProgress: (url, received, total) => {
      progress.download(url, received, total);
    },
  });
  const elected = request.mode === 'build-only' ? null : (run.proposal?.elected ?? null);
  // These are known before the commit's era is, and read whatever becomes of the source.
  if (elected !== null) fetches.begin(elected.urls, elected.artifact);
  const observe = (era: Pick<Era, 'artifacts'>, artifacts: readonly ArtifactName[]) => {
    return request.mode === 'build-only'
      ? Promise.resolve(NOTHING)
      : observePublished({
          ...{ commit, era, artifacts, fetches },
          cdnBases: request.sources.map((source) => cdns[source]),
          proposalUrls: elected?.urls ?? [],
          proposalArtifact: elected?.artifact ?? null,
        });
  };
  let machine = run.findings;
  let selected: readonly ArtifactName[] = [];
  const begun: Promise<Published>[] = [];
  try {
    const end = await rebuildRelease({
      ...{ commit, signal, gitUrl: run.endpoints.gitUrl },
      ...{ sourceCacheDir: workspace.sourceCacheDir, worktreeDir: workspace.worktreeDir },
      ...{ tempDir: workspace.tempDir, logPath: workspace.logPath },
      home: { home: workspace.home, dir: workspace.freshHome, cache: request.cache },
      environment: (home) => environmentFor(home, workspace.tempDir, run.base),
      select: (era) => (selected = selectArtifacts(request.components, era)),
      onEra: (era, needs) => {
        const { engine, minimumDiskBytes } = era;
        const { tempBlockSizeBytes } = needs;
        const all = { engine, minimumDiskBytes, tempBlockSizeBytes };
        machine = tellMachine(run.machine, all, progress, run.findings);
        const refusal = hardFinding(machine);
        if (refusal === null) {
          const reading = observe(era, selected);
          // It is awaited after the build; should it reject before, that is not yet unhandled.
          reading.catch(() => undefined);
          begun.push(reading);
        }
        return Promise.resolve(refusal);
      },
      ...(run.eras !== undefined && { eras: run.eras }),
      ...(request.maxCpus !== null && { maxCpus: request.maxCpus }),
      onProgress: (step) => {
        progress.rebuild(step);
      },
    });
    // Without a source nobody knows what the commit publishes; the proposal's own URLs are known.
    const published = await (begun[0] ?? observe({ artifacts: [] }, []));
    const judged = judgeRelease({
      ...{ era: end.era ?? { artifacts: [] }, selected, published },
      proposal: elected,
      build:
        end.outputs === null
          ? null
          : { outputs: end.outputs.outputs, measurements: end.outputs.measurements },
    });
    const provenance = await checkProvenance(run, end.era, published);
    return { end, published, judged, provenance, machine, facts: factsOfRebuild(end) };
  } finally {
    // After an error that came early, an image would be waited for in vain.
    fetches.giveUp();
    await cache.close();
  }
}
