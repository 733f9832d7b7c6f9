export { NatsAuthority } from './authority.js';
export type { AdmittedBuilder, AuthorityCredentials, SignedAccount } from './authority.js';
export { openAuthority } from './authority-folder.js';
export { AccountDirectory } from './directory.js';
export type { AccountsEnsured, KnownBuilder } from './directory.js';
export { NatsAuthorityError } from './error.js';
export type { NatsAuthorityErrorCode } from './error.js';
