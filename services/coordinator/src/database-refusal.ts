import { QueryFailedError } from 'typeorm';
import { ConfigError } from '#libs/platform';

/** What PostgreSQL refuses a role, by the names of its error codes. */
const CODES = { insufficientPrivilege: '42501', undefinedObject: '42704' };

/** What to do about each refusal that is foreseen. */
export type Remedies = Readonly<Partial<Record<keyof typeof CODES, string>>>;

/** An error as it is told: where the database refused what the role may not, with what to do about it. */
export function remedied(error: unknown, remedies: Remedies): unknown {
  if (!(error instanceof QueryFailedError) || !('code' in error)) return error;
  const names = Object.keys(CODES) as (keyof typeof CODES)[];
  const name = names.find((known) => CODES[known] === error.code);
  const remedy = name && remedies[name];
  return remedy ? new ConfigError(`${error.message}: ${remedy}`, { cause: error }) : error;
}
