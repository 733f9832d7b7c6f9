import { Statement } from '#libs/attestation';
import { CommandError, EXIT } from '../exit.js';
import { readJson } from '../read-file.js';
import { finish, readBack, type FinishOptions } from './finish.js';
import { inputsOf } from './inputs.js';
import { readSecretKey } from './secret-key.js';

/** Options of `operator sign`, as its definition names them. */
export interface OperatorSignOptions extends FinishOptions {
  readonly operatorKey: string;
  readonly passphraseFile?: string;
}

/**
 * Signs a request that was made where a builder's keys are, after reading all of it.
 *
 * @throws CommandError usage, above all for a request that names another operator
 */
export async function signRequest(path: string, options: OperatorSignOptions): Promise<void> {
  const statement = await readJson(path, Statement, 'a request of `builder enroll` or `rotate`');
  const { operator } = readBack(statement).said;
  const signer = await readSecretKey(options.operatorKey, options.passphraseFile ?? null);
  if (operator.id !== signer.id) {
    throw new CommandError(
      EXIT.usage,
      `${path} is for operator ${operator.id}, and the key is of ${signer.id}`,
      'have it made again with your public key: --operator-public',
    );
  }
  await finish({ statement, signer, inputs: [path, ...inputsOf(options)] }, options);
}
