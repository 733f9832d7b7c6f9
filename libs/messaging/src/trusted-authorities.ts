import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { quote } from '#libs/encoding';
import { MessagingError } from './error.js';

const trusted = new Set<string>();

/**
 * Makes this process trust the certificate authorities of a PEM file beside those that Node trusts, for
 * every connection that it makes from now on, `fetch` and WebSockets included, which take no
 * authorities of their own. Doing it again changes nothing.
 *
 * @throws MessagingError BAD_CA_FILE where it holds no certificate; what reading it throws, or Node for a
 *   certificate that is none
 */
export async function trustAuthorities(caFile: string): Promise<void> {
  const pem = await readFile(caFile, 'utf8');
  if (trusted.has(pem)) return;
  // Node passes over what is no certificate, and whoever named it would wait in vain.
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new MessagingError('BAD_CA_FILE', `${quote(caFile)} holds no certificate in PEM`);
  }
  setDefaultCACertificates([...getCACertificates('default'), pem]);
  trusted.add(pem);
}
