import { keyEnrolmentStatement, proveEnrolment } from '#libs/attestation';
import { finish, type FinishOptions } from './finish.js';
import { inputsOf } from './inputs.js';
import { readNewKeys, type NewKeyOptions } from './new-keys.js';
import { readOperator, type OperatorOptions } from './operator.js';
import { periodOf } from './period.js';

/** Options of `builder enroll`, as its definition names them. */
export interface EnrollOptions extends OperatorOptions, NewKeyOptions, FinishOptions {
  readonly validDays?: string;
}

/**
 * Makes the record that begins a builder: its keys agree to it, its operator signs it.
 *
 * @throws CommandError usage
 */
export async function enrollBuilder(options: EnrollOptions): Promise<void> {
  const { operator, signer } = await readOperator(options);
  const { signers, keys } = await readNewKeys(options);
  const claim = {
    ...{ operator, builder: signers.attestation.id, keys },
    ...{ ...periodOf(options.validDays, new Date()), previous: null },
  };
  const statement = keyEnrolmentStatement(proveEnrolment(claim, signers));
  await finish({ statement, signer, inputs: inputsOf(options) }, options);
}
