import { z } from 'zod';
import { readAs, Sha256Text, type Resource } from './statement.js';

const BUILD_LOG = 'build.log';
const LogDigest = z.object({ sha256: Sha256Text });

/** Names the complete build log, which follows a result, by its digest. */
export function logResources(logSha256: string | null): Resource[] {
  return logSha256 === null ? [] : [{ name: BUILD_LOG, digest: { sha256: logSha256 } }];
}

/** Finds the digest of the build log among a statement's resources. */
export function logOf(resources: readonly Resource[]): string | null {
  const log = resources.find(({ name }) => name === BUILD_LOG);
  return log === undefined ? null : readAs(LogDigest, log.digest, 'a build log').sha256;
}
