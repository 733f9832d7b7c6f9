import { plain } from '#libs/contracts';
import { titleOf } from './components.js';
import { logLine } from './log.js';
import type { CheckRun } from './run-check.js';

/** What a run would do, for `--dry-run`: nothing of it has been done. */
export interface CheckPlan {
  readonly kind: 'plan';
  readonly commit: string;
  readonly proposal: {
    readonly id: string;
    readonly certifiedAt: string;
    readonly elects: string;
    readonly sha256: string;
    readonly urls: readonly string[];
  } | null;
  readonly source: string;
  readonly downloadFrom: readonly string[];
  readonly components: readonly string[] | 'all that the commit builds';
  readonly cacheDir: string;
  readonly tempDir: string;
  readonly cache: 'cold' | 'warm';
}

/** Tells what a run would do. */
export function planOf({ request, endpoints, commit, proposal }: CheckRun): CheckPlan {
  return {
    kind: 'plan',
    commit,
    proposal:
      proposal === null
        ? null
        : {
            id: proposal.told.id,
            certifiedAt: proposal.told.certifiedAt,
            elects: proposal.elected.artifact,
            sha256: proposal.elected.sha256,
            urls: proposal.elected.urls,
          },
    source: endpoints.gitUrl,
    downloadFrom: request.sources.map((source) => endpoints.cdns[source]),
    components: request.components.length === 0 ? 'all that the commit builds' : request.components,
    cacheDir: request.cacheDir,
    tempDir: request.tempDir,
    cache: request.cache,
  };
}

/** Draws a plan for a terminal. */
export function planTerminal(plan: CheckPlan): string {
  const { proposal, components } = plan;
  const rows: readonly (readonly [string, string])[] = [
    ['commit', plan.commit],
    ...(proposal === null
      ? []
      : ([
          ['proposal', `${proposal.id}, certified at ${proposal.certifiedAt}`],
          ['elects', `${titleOf(proposal.elects)} ${proposal.sha256}`],
          ...proposal.urls.map((url) => ['URL', url] as const),
        ] as const)),
    ['source', plan.source],
    ['downloads', plan.downloadFrom.join(', ')],
    ['components', typeof components === 'string' ? components : components.join(', ')],
    ['caches in', plan.cacheDir],
    ['temp in', plan.tempDir],
    ['build', plan.cache],
  ];
  return [
    logLine('info', 'Nothing was downloaded or built. This is what would be done:'),
    ...rows.map(([name, value]) => `    ${name.padEnd(11)} ${plain(value, 2000)}`),
    '',
  ].join('\n');
}
