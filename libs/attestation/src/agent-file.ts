import { z } from 'zod';
import { quickList, quickObject, quickValue } from './quick-match.js';
import { quickSha256, Sha256Text } from './statement.js';

const NAME = 'repro-quorum.mjs';

/**
 * The one file that an agent ran from, as SLSA lists what a builder is made of; empty for an agent
 * that ran from a checkout, which is no one file.
 *
 * Source: slsa.dev/spec/v1.0/provenance, builder.builderDependencies
 */
export const AgentFiles = z
  .array(z.object({ name: z.literal(NAME), digest: z.object({ sha256: Sha256Text }) }))
  .max(1);
export type AgentFiles = z.infer<typeof AgentFiles>;

export const quickAgentFiles = quickList(
  1,
  quickObject({ name: quickValue(NAME), digest: quickObject({ sha256: quickSha256 }) }),
);

/** Names the file that an agent ran from by its digest. */
export function agentFiles(agentDigest: string | null): AgentFiles {
  return agentDigest === null ? [] : [{ name: NAME, digest: { sha256: agentDigest } }];
}

/** Gives the digest of the file that an agent ran from. */
export function agentDigestOf([file]: AgentFiles): string | null {
  return file?.digest.sha256 ?? null;
}
