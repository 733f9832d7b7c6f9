import { Option, type Command } from 'commander';
import type { CheckOptions } from '../check/request.js';
import { docPage } from '../doc-page.js';

const AFTER = `
Without -p or -c the commit is the HEAD of the repository in this folder. Without a
component all that the commit builds is verified.

Examples:
  repro-quorum check -p 138000
  repro-quorum check -c COMMIT --guestos --download-source both
  repro-quorum check -p 138000 --attest me.json --key key.pem

Exit codes: 0 reproduced; 1 it does not reproduce, or what is published contradicts itself;
2 wrong usage or unusable machine; 3 undecided: the source, the build or a download failed;
4 the evidence is bad; 130 interrupted. More: ${docPage('check')}`;

/** `check`: rebuilds one release on this machine and compares. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .summary('rebuild one release and compare it')
    .description('rebuild one release on this machine, and compare it with what is published')
    .option('-p, --proposal-id <id>', 'NNS proposal that elects a version')
    .option('-c, --commit <sha>', 'commit to check; with -p it has to be the elected one')
    .option('--guestos', 'verify GuestOS and its launch measurements')
    .option('--hostos', 'verify HostOS')
    .option('--setupos', 'verify SetupOS')
    .option('--recovery', 'verify the recovery GuestOS')
    .option('--cache-dir <dir>', 'where downloads and sources are kept (~/.cache/repro-quorum)')
    .option('--temp-dir <dir>', "where the build's temp folder is made (TMPDIR, or /tmp)")
    .option('--clean', 'clear the default cache first')
    .option('--download-source <cdn>', 'systems, network or both', 'systems')
    .option('--dry-run', 'show what would be done, and do none of it')
    .option('--build-only', 'build and print digests, compare with nothing')
    .option('--warm', "let the build reuse caches of earlier builds; recorded as 'warm'")
    .option('--jobs <n>', 'processors that the build may use')
    .option('--keep', "keep the build's folders")
    .option('--debug', 'print more, and keep the folders')
    .addOption(new Option('--verbose').hideHelp().implies({ debug: true }))
    .option('--evidence <file>', 'take the proposal from kept evidence, offline')
    .option('--provenance <file>', "GitHub's attestation bundles of SHA256SUMS (JSON lines)")
    .option('--trusted-root <file>', 'Sigstore trusted root for --provenance')
    .option('--attest <file>', 'write a signed result of this run')
    .option('--key <file>', "this builder's key, for --attest")
    .option('--passphrase-file <file>', 'passphrase of a key that is locked')
    .option('--consent', 'agree that the facts in the signed result become public')
    .addHelpText('after', AFTER)
    .action(async (_options: unknown, command: Command) => {
      const { check } = await import('../check/check.js');
      await check(command.optsWithGlobals<CheckOptions>(), process.env);
    });
}
