import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { armor, type Signer } from '#libs/attestation';
import type { CheckReport } from '#libs/contracts';
import { cleanDownloadCache, loadEras } from '#libs/icos';
import { readKey } from '../attest/key.js';
import { CommandError, EXIT } from '../exit.js';
import { printData, printJson } from '../terminal.js';
import { requireTarget, writeWhole } from '../write-file.js';
import { doctorCommand } from './doctor-command.js';
import { elsewhere, endpointsOf } from './endpoints.js';
import { interruptible } from './interruption.js';
import { ANY_BUILD, hardFinding, measureMachine, tellMachine } from './machine.js';
import { planOf, planTerminal } from './plan.js';
import { checkTerminal } from './print.js';
import { Progress } from './progress.js';
import { readProposal, type ReadProposal } from './proposal.js';
import { reportOf } from './report.js';
import { requestOf, type CheckOptions, type CheckRequest } from './request.js';
import { runCheck, type CheckRun } from './run-check.js';
import { askConsent, signRun } from './sign.js';
import { commitOf } from './subject.js';
import { createWorkspace, type Workspace } from './workspace.js';

/**
 * Rebuilds one release on this machine, compares it with what is published and elected, and sets
 * the exit code that the outcome means.
 *
 * @throws CommandError, NnsError, IcosError, AttestationError
 */
export async function check(
  options: CheckOptions,
  base: Readonly<NodeJS.ProcessEnv>,
): Promise<void> {
  const request = requestOf(options, base);
  const signer = await signerOf(request);
  const interruption = interruptible();
  const progress = new Progress(request.debug);
  let workspace: Workspace | null = null;
  try {
    const run = await prepare(request, base, progress, interruption.signal);
    workspace = run.workspace;
    const findings = tellMachine(run.machine, ANY_BUILD, progress);
    const refusal = hardFinding(findings);
    if (refusal !== null) {
      throw new CommandError(EXIT.usage, refusal.message, doctorCommand(request, base));
    }
    if (request.mode === 'dry-run') {
      if (request.json) printJson(planOf(run));
      else printData(planTerminal(planOf(run)));
      return;
    }
    const report = await verify({ ...run, findings }, signer);
    progress.end();
    if (request.json) printJson(report);
    else printData(checkTerminal(report));
    if (report.attestation !== null && !request.json) printData(armor(report.attestation));
    process.exitCode = report.exitCode;
  } finally {
    progress.end();
    if (workspace !== null) {
      const keep = request.keep && request.mode !== 'dry-run';
      await workspace.leave(keep);
      if (keep) progress.log('info', `Kept ${workspace.buildDir}`);
    }
    interruption.end();
  }
}

async function prepare(
  request: CheckRequest,
  base: Readonly<NodeJS.ProcessEnv>,
  progress: Progress,
  signal: AbortSignal,
): Promise<CheckRun> {
  const endpoints = endpointsOf(base);
  if (endpoints.replaced.length > 0) {
    progress.log('warning', elsewhere(endpoints.replaced));
  }
  const eras = endpoints.erasFile === null ? undefined : await loadEras(endpoints.erasFile);
  const proposal = await readProposal(request, endpoints, signal);
  const commit = await commitOf(request, proposal);
  progress.log('info', `Checking commit ${commit}.`);
  if (request.clean && request.mode !== 'dry-run') await clean(request);
  if (proposal !== null) await keepEvidence(request, proposal);
  const workspace = await createWorkspace(request, commit);
  const machine = await measureMachine(workspace, base);
  return {
    ...{ request, endpoints, base, eras, commit, proposal, workspace, machine },
    ...{ progress, signal, findings: [] },
  };
}

/** What to sign with and where to, before anything is fetched; null where nothing is to be signed. */
async function signerOf({ mode, attest }: CheckRequest): Promise<Signer | null> {
  if (attest === null || mode === 'dry-run') return null;
  const { file, keyFile, passphraseFile } = attest;
  const signer = await readKey(keyFile, passphraseFile);
  requireTarget(file, inputsOf(attest));
  return signer;
}

function inputsOf({ keyFile, passphraseFile }: NonNullable<CheckRequest['attest']>): string[] {
  return [keyFile, ...(passphraseFile === null ? [] : [passphraseFile])];
}

async function verify(run: CheckRun, signer: Signer | null): Promise<CheckReport> {
  const { attest } = run.request;
  if (attest !== null) await askConsent(run.machine.facts, run.commit, attest.consent);
  const startedAt = new Date();
  const findings = await runCheck(run);
  const finishedAt = new Date();
  const { end, published } = findings;
  const envelope =
    signer === null
      ? null
      : signRun(
          {
            ...{ commit: run.commit, machine: run.machine.facts, end, published },
            startedAt,
            finishedAt,
          },
          signer,
        );
  if (attest !== null && envelope !== null) {
    writeWhole(attest.file, `${JSON.stringify(envelope)}\n`, inputsOf(attest));
  }
  return reportOf(run, findings, { startedAt, finishedAt }, envelope);
}

/** Removes what earlier runs kept, but nothing that another run is using. */
async function clean({ cacheDir }: CheckRequest): Promise<void> {
  await cleanDownloadCache(join(cacheDir, 'downloads'));
  await rm(join(cacheDir, 'proposals'), { recursive: true, force: true });
}

/** Governance forgets old proposals; what it certified once can be verified for ever. */
async function keepEvidence({ cacheDir }: CheckRequest, { told }: ReadProposal): Promise<void> {
  const folder = join(cacheDir, 'proposals');
  await mkdir(folder, { recursive: true });
  const { id, nnsFunction, evidence } = told;
  const text = `${JSON.stringify({ proposal: id, nnsFunction, evidence })}\n`;
  writeWhole(join(folder, `${id}.json`), text, []);
}
