import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A certificate authority that nobody knows but who is given its file, and a server's certificate. */
export interface PrivateAuthority {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** Makes both below a folder; the certificate is good for some addresses. */
export async function createAuthority(
  dir: string,
  addresses: readonly string[],
): Promise<PrivateAuthority> {
  const at = (name: string): string => join(dir, name);
  const openssl = (...args: readonly string[]): Promise<unknown> => execa('openssl', args);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=the group’s own authority'],
    ...['-keyout', at('ca-key.pem'), '-out', at('ca.pem')],
  );
  const names = addresses.map((address) => `IP:${address}`).join(',');
  await writeFile(at('names.cnf'), `subjectAltName=${names}\n`);
  await openssl(
    ...['req', '-new', ...newKey, '-subj', '/CN=the first machine'],
    ...['-keyout', at('key.pem'), '-out', at('request.pem')],
  );
  await openssl(
    ...['x509', '-req', '-in', at('request.pem'), '-CA', at('ca.pem'), '-days', '2'],
    ...['-CAkey', at('ca-key.pem'), '-CAcreateserial', '-extfile', at('names.cnf')],
    ...['-out', at('cert.pem')],
  );
  return {
    ...{ caFile: at('ca.pem'), certFile: at('cert.pem'), keyFile: at('key.pem') },
    cert: await readFile(at('cert.pem'), 'utf8'),
    key: await readFile(at('key.pem'), 'utf8'),
  };
}
