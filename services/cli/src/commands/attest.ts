import type { Command } from 'commander';
import type { AttestOptions } from '../attest/attest.js';

const AFTER = `
Prints the envelope as an armoured text block for a forum post (--json: as JSON).
Files of the release that SHA256SUMS does not list are not attested.

Example:
  openssl genpkey -algorithm ed25519 -out key.pem
  repro-quorum attest --release release.json --sums SHA256SUMS --key key.pem --out me.json`;

/** `attest`: signs the result of a build that was made by hand. */
export function addAttest(program: Command): void {
  program
    .command('attest')
    .description('sign the result of a build made by hand')
    .requiredOption('--release <file>', 'what was rebuilt: a release file')
    .requiredOption('--sums <file>', 'SHA256SUMS of what came out')
    .option('--environment <file>', 'JSON object that describes the machine; it becomes public')
    .option('--round <file>', 'round that this answers, from `round show --open`')
    .requiredOption('--key <file>', 'Ed25519 private key, PEM')
    .option('--passphrase-file <file>', 'passphrase of a key that is locked')
    .requiredOption('--out <file>', 'where the signed envelope goes')
    .addHelpText('after', AFTER)
    .action(async (_options: unknown, command: Command) => {
      const { attest } = await import('../attest/attest.js');
      await attest(command.optsWithGlobals<AttestOptions>());
    });
}
