import {
  assessMachine,
  jobsFor,
  readExtras,
  readMachine,
  readUmask,
  type MachineExtras,
  type MachineFinding,
  type MachineNeeds,
} from '#libs/fingerprint';
import { buildEnvironment, type Era } from '#libs/icos';
import { needsOf } from './needs.js';
import type { DoctorRequest, Folders } from './request.js';

/** What the doctor found. */
export interface Diagnosis {
  readonly era: Era;
  readonly needs: MachineNeeds;
  readonly folders: Folders;
  readonly findings: readonly MachineFinding[];
  /** How many jobs a build should run at a time here. */
  readonly jobs: number;
  readonly sudo: MachineExtras['sudo.use'];
}

/** Whether a build can begin. */
export function isUsable({ findings }: Pick<Diagnosis, 'findings'>): boolean {
  return findings.every(({ level }) => level !== 'error');
}

/** Measures this machine as a build would find it, and judges it. */
export async function diagnose(
  { folders, clockUrls, only }: DoctorRequest,
  era: Era,
  environment: Readonly<NodeJS.ProcessEnv>,
): Promise<Diagnosis> {
  const { LANG, TZ, BUILD_USER = 'repro-quorum-build' } = environment;
  const request = {
    ...{ buildDir: folders.build, cacheDir: folders.cache, tempDir: folders.temp },
    home: folders.home,
    env: buildEnvironment(environment, {
      ...{ home: folders.home, tmpDir: folders.temp },
      ...(LANG !== undefined && { lang: LANG }),
      ...(TZ !== undefined && { timezone: TZ }),
    }),
    umask: await readUmask(),
    ...(BUILD_USER !== 'none' && { buildUser: BUILD_USER.split(',')[0] ?? BUILD_USER }),
    ...{ shell: environment, clockUrls },
  };
  const [facts, extras] = await Promise.all([readMachine(request), readExtras(request)]);
  const needs = needsOf(era);
  const findings = assessMachine({ ...facts, ...extras }, needs);
  return {
    ...{ era, needs, folders },
    findings: findings.filter(({ check }) => only?.includes(check) ?? true),
    jobs: jobsFor(facts),
    sudo: extras['sudo.use'],
  };
}
