import {
  compareWithDashboard,
  createGovernance,
  decodePayload,
  evidenceToJson,
  NnsError,
  parseDashboardProposal,
  verifyEvidence,
  type CertifiedProposal,
  type Elects,
  type Trust,
} from '#libs/nns';
import { createAllowList, downloadSmall, IcosError, type ElectedPackage } from '#libs/icos';
import type { CheckedProposal } from '#libs/contracts';
import { CommandError, EXIT } from '../exit.js';
import type { Endpoints } from './endpoints.js';
import { readEvidence } from './kept-evidence.js';
import type { CheckRequest } from './request.js';

/** A proposal, proven, and what it elects. */
export interface ReadProposal {
  readonly decision: Elects;
  readonly elected: ElectedPackage;
  readonly told: CheckedProposal;
}

const MAX_DASHBOARD_BYTES = 4 * 1024 ** 2;
const DASHBOARD_TIMEOUT_MS = 20_000;

/**
 * Reads a proposal: certified by the subnet, or from kept evidence without any network; and holds
 * the dashboard against it, whose word decides nothing.
 *
 * @throws CommandError usage for a proposal that elects nothing; NnsError
 */
export async function readProposal(
  request: CheckRequest,
  endpoints: Endpoints,
  signal: AbortSignal,
): Promise<ReadProposal | null> {
  const trust: Trust = { rootKey: endpoints.rootKey };
  const certified = await certifiedProposal(request, endpoints, trust);
  if (certified === null) return null;
  const { proposal, evidence, certifiedTimeNs } = certified;
  const decision = electionOf(certified);
  const isOffline = request.evidenceFile !== null;
  return {
    decision,
    elected: {
      artifact: decision.os === 'guestos' ? 'guestos/update-img' : 'hostos/update-img',
      sha256: decision.sha256,
      urls: decision.urls,
      measurements:
        decision.launchMeasurements?.map(({ measurement, kernelCmdline }) => ({
          measurement,
          kernelCommandLine: kernelCmdline,
        })) ?? null,
    },
    told: {
      id: proposal.id.toString(),
      title: proposal.title ?? '',
      nnsFunction: proposal.nnsFunction ?? 0,
      certifiedAt: new Date(Number(certifiedTimeNs / 1_000_000n)).toISOString(),
      evidence: { ...evidenceToJson(evidence) },
      elects: {
        artifact: decision.os === 'guestos' ? 'guestos/update-img' : 'hostos/update-img',
        sha256: decision.sha256,
        urls: [...decision.urls],
      },
      dashboard: isOffline
        ? { state: 'not-asked', differences: [], error: null }
        : await askDashboard(decision, proposal.id, endpoints, signal),
    },
  };
}

async function certifiedProposal(
  { proposalId, evidenceFile }: CheckRequest,
  endpoints: Endpoints,
  trust: Trust,
): Promise<CertifiedProposal | null> {
  if (evidenceFile !== null) {
    const certified = await verifyEvidence(await readEvidence(evidenceFile), trust);
    if (proposalId === null || certified.proposal.id === proposalId) return certified;
    throw new CommandError(
      EXIT.usage,
      `${evidenceFile} proves proposal ${certified.proposal.id}, not ${proposalId}`,
    );
  }
  if (proposalId === null) return null;
  const governance = await createGovernance({ host: endpoints.nnsHost, ...trust });
  try {
    return await governance.readProposal(proposalId);
  } catch (error) {
    if (!(error instanceof NnsError) || error.code !== 'NO_SUCH_PROPOSAL') throw error;
    throw new CommandError(
      EXIT.usage,
      `governance certifies that it knows no proposal ${proposalId}: it never was, or was purged`,
      'old ones are still shown by the dashboard, for which nobody signs: take its commit, and check that with -c',
      { cause: error },
    );
  }
}

function electionOf({ proposal }: CertifiedProposal): Elects {
  const { id, nnsFunction, payload } = proposal;
  if (nnsFunction === null || payload === null) {
    throw new CommandError(
      EXIT.usage,
      `proposal ${id} executes no NNS function: it elects nothing`,
    );
  }
  const decision = decodePayload(nnsFunction, payload);
  switch (decision.kind) {
    case 'elects':
      return decision;
    case 'unelects-only':
      throw new CommandError(
        EXIT.usage,
        `proposal ${id} only unelects versions: there is nothing to build`,
      );
    case 'deploys':
      throw new CommandError(
        EXIT.usage,
        `proposal ${id} deploys a version that was elected earlier`,
        `repro-quorum check -c ${decision.commit}`,
      );
  }
}

async function askDashboard(
  decision: Elects,
  id: bigint,
  { dashboard }: Endpoints,
  signal: AbortSignal,
): Promise<CheckedProposal['dashboard']> {
  try {
    const { bytes } = await downloadSmall({
      url: `${dashboard.replace(/\/+$/, '')}/api/v3/proposals/${id}`,
      allow: createAllowList([new URL(dashboard).origin]),
      maxBytes: MAX_DASHBOARD_BYTES,
      ...{ retries: 1, totalTimeoutMs: DASHBOARD_TIMEOUT_MS, stallTimeoutMs: DASHBOARD_TIMEOUT_MS },
      signal,
    });
    const shown = parseDashboardProposal(Buffer.from(bytes).toString('utf8'), id);
    const differences = [...compareWithDashboard(decision, shown)];
    return { state: differences.length === 0 ? 'agrees' : 'differs', differences, error: null };
  } catch (error) {
    if (!(error instanceof IcosError || error instanceof NnsError)) throw error;
    if (error.code === 'INTERRUPTED') throw error;
    return { state: 'no-answer', differences: [], error: error.message };
  }
}
