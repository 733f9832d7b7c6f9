import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { signerFromPem } from '#libs/attestation';
import { toBase64 } from '#libs/encoding';
import { CommandError, EXIT } from '../exit.js';
import { printData, printJson, say } from '../terminal.js';
import type { GlobalOptions } from './context.js';

/** `builder init|run` and `coordinator run` */
export function addServices(program: Command): void {
  const builder = program.command('builder').description('be a builder');
  builder
    .command('init')
    .description('make a builder’s key and print the line for the roster')
    .requiredOption('--key <file>', 'where the private key goes; refused when it exists')
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<{ key: string } & GlobalOptions>();
      const pem = await createKey(options.key);
      const signer = signerFromPem(pem);
      const entry = { builder: signer.id, publicKey: toBase64(signer.publicKey) };
      if (options.json === true) printJson(entry);
      else printData(JSON.stringify(entry));
      say(`the key is in ${options.key}: keep it, and give the line above to the group`);
    });
  addRunner(builder, 'run', 'run the builder agent, configured by its environment variables', [
    'builder-agent',
  ]);
  const coordinator = program.command('coordinator').description('be a coordinator');
  addRunner(coordinator, 'run', 'run the coordinator, configured by its environment variables', [
    'coordinator',
  ]);
}

async function createKey(path: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await mkdir(dirname(path), { recursive: true });
  try {
    // Never over an existing key: the old one would be lost with everything it signed.
    await writeFile(path, pem, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new CommandError(EXIT.usage, `cannot write ${path}: does it exist already?`, null, {
      cause,
    });
  }
  return pem;
}

/** Services are programs of their own: the command line hands its terminal to them. */
function addRunner(
  parent: Command,
  name: string,
  description: string,
  [service]: readonly [string],
): void {
  parent
    .command(name)
    .description(description)
    .action(async () => {
      const entry = fileURLToPath(new URL(`../../../${service}/src/main.js`, import.meta.url));
      const child = spawn(process.execPath, [entry], { stdio: 'inherit' });
      const forward = (signal: NodeJS.Signals): void => {
        child.kill(signal);
      };
      process.on('SIGINT', forward);
      process.on('SIGTERM', forward);
      process.exitCode = await new Promise<number>((resolve) => {
        child.on('exit', (code) => {
          resolve(code ?? EXIT.interrupted);
        });
      });
    });
}
