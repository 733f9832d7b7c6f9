import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { quoted } from '../completion/quoted.js';
import { defaultCacheDir, type CheckRequest } from './request.js';

/** Gives the command that judges this machine by the folders of a run. */
export function doctorCommand(
  { cacheDir, tempDir }: Pick<CheckRequest, 'cacheDir' | 'tempDir'>,
  environment: Readonly<NodeJS.ProcessEnv>,
): string {
  return [
    'repro-quorum builder doctor',
    ...(cacheDir === resolve(defaultCacheDir(environment))
      ? []
      : [`--cache-dir ${quoted(cacheDir)}`]),
    ...(tempDir === resolve(tmpdir()) ? [] : [`--temp-dir ${quoted(tempDir)}`]),
  ].join(' ');
}
