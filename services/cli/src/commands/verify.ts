import type { Command } from 'commander';
import type { VerifyOptions } from '../verify/run-verify.js';

const AFTER = `
Needs no network and no server. Trusts nobody that the policy does not name: signatures,
proofs, witnesses and the proposal's certificate are verified, the round is counted anew by
the policy's own operators and threshold, and each rule tells what speaks for it.

Exit codes: 0 the policy is satisfied; 1 it is not; 2 wrong usage, or a policy that cannot be used;
3 nothing could be decided; 4 the evidence is bad, and each fault is named.

Example:
  repro-quorum verify round.jsonl --policy policy.yaml`;

/** `verify`: a round's bundle under an auditor's own policy. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description("verify a round's bundle by your own policy")
    .argument('<bundle>', 'what `round export` wrote')
    .requiredOption('--policy <file>', 'whom you trust, and what you ask: YAML or JSON')
    .option('--at <time>', 'audit as at this time, for the age of the evidence')
    .addHelpText('after', AFTER)
    .action(async (path: string, _options: unknown, command: Command) => {
      const { runVerify } = await import('../verify/run-verify.js');
      await runVerify(path, command.optsWithGlobals<VerifyOptions>());
    });
}
