import type { Command } from 'commander';
import { docPage } from '../doc-page.js';
import type { OperatorInitOptions } from '../keys/operator-init.js';
import type { OperatorSignOptions } from '../keys/operator-sign.js';

const AFTER = `
An operator answers for builders: its key signs their enrolments, rotations and revocations.
All of it, step by step: ${docPage('keys')}

Examples:
  repro-quorum operator init --out operator
  repro-quorum operator sign request.json --operator-key operator/operator-key.pem \\
    --out enrolment.dsse.json`;

/** `operator init|sign` */
export function addOperator(program: Command): void {
  const operator = program
    .command('operator')
    .description('answer for builders')
    .addHelpText('after', AFTER);
  operator
    .command('init')
    .description("make an operator's key and print its line for the roster")
    .requiredOption('--out <dir>', 'folder for operator-key.pem; never over an older one')
    .option('--passphrase-file <file>', 'lock the key by the passphrase in this file')
    .action(async (_options: unknown, command: Command) => {
      const { initOperator } = await import('../keys/operator-init.js');
      await initOperator(command.optsWithGlobals<OperatorInitOptions>());
    });
  operator
    .command('sign')
    .description("sign a request that was made where a builder's keys are")
    .argument('<request>', 'file that `builder enroll|rotate --request` wrote')
    .requiredOption('--operator-key <file>', "the operator's private key")
    .requiredOption('--out <file>', 'where the signed record goes')
    .option('--passphrase-file <file>', 'passphrase of a key that is locked')
    .option('--submit <url>', 'have the coordinator there log it')
    .action(async (request: string, _options: unknown, command: Command) => {
      const { signRequest } = await import('../keys/operator-sign.js');
      await signRequest(request, command.optsWithGlobals<OperatorSignOptions>());
    });
}
