/**
 * What a secret looks like, wherever in a line it stands: access tokens and invites, NATS seeds, JWTs
 * (a user's NATS credentials begin with one), `authorization` headers, passwords in URLs, private keys.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\brq[ti]_[A-Za-z0-9_]{8,}/g, 'rq*_[struck]'],
  [/\bS[UAOCNX][A-Z2-7]{56}\b/g, '[struck]'],
  [/(\b[Bb]earer )[A-Za-z0-9._~+/=-]{8,}/g, '$1[struck]'],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"\\]{0,200}:)[^\s/@"\\]{1,200}@/g, '$1[struck]@'],
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|(?=")|$)/g,
    '[struck]',
  ],
];

/** What a JWT may stand in, as a whole: looked for by its beginning alone, a line of beginnings takes seconds. */
const DOTTED = /[A-Za-z0-9_.-]{20,}/g;
const JWT_HEAD = /\beyJ[A-Za-z0-9_-]{8,}$/;
const MIN_CLAIMS_CHARACTERS = 8;

/**
 * Strikes out whatever looks like a secret. What is put in its place keeps a line of JSON a line of
 * JSON. Nobody should log one; errors of others' libraries quote what they were given.
 */
export function strikeSecrets(line: string): string {
  const struck = line.replaceAll(DOTTED, withoutJwts);
  return SECRETS.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), struck);
}

/** Three parts make a JWT: a head, which may have something before it, claims and a signature. */
function withoutJwts(run: string): string {
  const parts = run.split('.');
  const kept: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const [part = '', claims = '', signature] = parts.slice(at, at + 3);
    const head =
      signature === undefined || claims.length < MIN_CLAIMS_CHARACTERS ? -1 : part.search(JWT_HEAD);
    kept.push(head === -1 ? part : `${part.slice(0, head)}[struck]`);
    if (head !== -1) at += 2;
  }
  return kept.join('.');
}
