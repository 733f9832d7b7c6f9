import { readFile, stat } from 'node:fs/promises';
import { Time } from '#libs/attestation';
import { MAX_BUNDLE_BYTES, verifyBundle, type AuditOutcome } from '#libs/evidence';
import { fromHex } from '#libs/encoding';
import { certifiedElection } from '#libs/nns';
import { CommandError, EXIT, type ExitCode } from '../exit.js';
import { fileTrouble } from '../file-trouble.js';
import { printData, printJson } from '../terminal.js';
import { readPolicyFile } from './policy-file.js';
import { VerifyOutput } from './verify-output.js';
import { verifyText } from './verify-text.js';

/** Options of `verify`, as its definition names them. */
export interface VerifyOptions {
  readonly policy: string;
  readonly at?: string;
  readonly json?: true;
}

const EXITS: Readonly<Record<AuditOutcome, ExitCode>> = {
  satisfied: EXIT.ok,
  'not-satisfied': EXIT.notReproduced,
  undecided: EXIT.undecided,
  'bad-evidence': EXIT.badEvidence,
};

/**
 * Verifies a bundle by a policy, prints what was found and sets the exit code.
 *
 * @throws CommandError usage
 */
export async function runVerify(path: string, options: VerifyOptions): Promise<void> {
  const at = timeOf(options.at);
  const auditor = await readPolicyFile(options.policy);
  const bundle = await readBundle(path);
  const { nnsRootKey } = auditor.policy;
  const rootKey = nnsRootKey === undefined ? undefined : fromHex(nnsRootKey);
  const audit = await verifyBundle(bundle, auditor, {
    at,
    verifyCertificate: (evidence) => certifiedElection(evidence, { rootKey }),
  });
  const output = VerifyOutput.parse({ ...audit, at: at.toISOString() });
  if (options.json === true) printJson(output);
  else printData(verifyText(output));
  process.exitCode = EXITS[audit.outcome];
}

async function readBundle(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_BUNDLE_BYTES) return await readFile(path);
  } catch (cause) {
    throw new CommandError(EXIT.usage, `cannot read ${path}: ${fileTrouble(cause)}`, null, {
      cause,
    });
  }
  const limitMiB = MAX_BUNDLE_BYTES / 1024 / 1024;
  throw new CommandError(EXIT.usage, `${path} has more than ${limitMiB} MiB: it is not read`);
}

function timeOf(text: string | undefined): Date {
  if (text === undefined) return new Date();
  if (Time.safeParse(text).success) return new Date(text);
  throw new CommandError(
    EXIT.usage,
    `${text} is not a time`,
    'expected one such as 2026-01-03T03:00:00Z',
  );
}
