import { z } from 'zod';
import { Sha256Text } from '#libs/attestation';
import { FindingReport } from '#libs/contracts';

/** One of the two files. */
const SideReport = z.object({
  file: z.string(),
  sha256: Sha256Text,
  sizeBytes: z.number().int(),
  /** Root of its content manifest. */
  manifest: Sha256Text,
  /** Things in it that the manifest lists. */
  nodes: z.number().int(),
});

/** What `explain --artifact A B --json` prints. */
export const ArtifactOutput = z.object({
  left: SideReport,
  right: SideReport,
  isSame: z.boolean(),
  /** Root causes first; consequences after them, each naming its cause. */
  findings: z.array(FindingReport),
  /** Differences that were seen beside those. */
  untold: z.number().int(),
  /** Whether more may differ than was looked at. */
  truncated: z.boolean(),
  /** What diffoscope says of files among them, where it is installed; cut at 65,536 characters. */
  diffoscope: z.array(z.object({ location: z.array(z.string()), text: z.string() })),
});
export type ArtifactOutput = z.infer<typeof ArtifactOutput>;
