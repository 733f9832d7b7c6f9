import { createHash, randomBytes } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;

/** Makes an invite that nobody can guess; see `InviteToken`. */
export function makeInviteText(): string {
  const [id, secret] = [randomBytes(ID_BYTES), randomBytes(SECRET_BYTES)];
  return `rqi_${id.toString('hex')}_${secret.toString('base64url')}`;
}

/** Gives what is stored of an invite. */
export function inviteDigest(invite: string): string {
  return createHash('sha256').update(invite, 'utf8').digest('hex');
}
