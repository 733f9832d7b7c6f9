/**
 * What a secret looks like, wherever in a line it stands: access tokens and invites, NATS seeds, JWTs
 * (a user's NATS credentials begin with one), `authorization` headers, passwords in URLs, private keys.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\brq[ti]_[A-Za-z0-9_]{8,}/g, 'rq*_[struck]'],
  [/\bS[UAOCNX][A-Z2-7]{56}\b/g, '[struck]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[struck]'],
  [/(\b[Bb]earer )[A-Za-z0-9._~+/=-]{8,}/g, '$1[struck]'],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"\\]{0,200}:)[^\s/@"\\]{1,200}@/g, '$1[struck]@'],
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g,
    '[struck]',
  ],
];

/**
 * Strikes out whatever looks like a secret. What is put in its place keeps a line of JSON a line of
 * JSON. Nobody should log one; errors of others' libraries quote what they were given.
 */
export function strikeSecrets(line: string): string {
  return SECRETS.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), line);
}
