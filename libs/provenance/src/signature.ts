import { X509Certificate } from 'node:crypto';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { quote } from '#libs/encoding';
import type { SignedBundle } from './bundle.js';
import { explain } from './explanation.js';
import { Refusal } from './refusal.js';
import type { TrustedRoot } from './trusted-root.js';
import type { Witness } from './verdict.js';
import { isInUse, readWitness, witnessTimes } from './witness.js';

type SignedEntity = ReturnType<typeof toSignedEntity>;

/** What is certain of a bundle once a trusted root bears it out. */
export interface Signed {
  readonly certificate: X509Certificate;
  readonly witness: Witness;
}

/**
 * Verifies that the envelope was signed under a certificate of a trusted root, while that was valid,
 * and witnessed as this root demands. Of several roots only those count that issued the
 * certificate, each by its own demands: the timestamps of one never stand in for the logs of another.
 *
 * @throws Refusal up to bad-signature
 * Source: Sigstore client specification, "Verification"
 */
export function verifySignature(bundle: SignedBundle, roots: readonly TrustedRoot[]): Signed {
  const certificate = openCertificate(bundle.certificate);
  let refusal = new Refusal(
    'untrusted-root',
    `certificate is of ${quote(certificate.issuer)}, which the trusted root does not know`,
  );
  for (const root of roots) {
    if (!root.authorities.some((authority) => isIssuedBy(certificate, authority))) continue;
    try {
      return { certificate, witness: verifyUnder(root, bundle, certificate) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** OpenSSL's reading on top of the stock one, which lets unused bits and a second algorithm pass. */
function openCertificate(der: Buffer): X509Certificate {
  try {
    const certificate = new X509Certificate(der);
    // It would also read PEM, and stop before what follows.
    if (certificate.raw.equals(der)) return certificate;
  } catch (cause) {
    throw new Refusal('malformed-bundle', 'certificate cannot be read', { cause });
  }
  throw new Refusal('malformed-bundle', 'certificate is not one DER certificate');
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

function verifyUnder(
  root: TrustedRoot,
  { bundle }: SignedBundle,
  certificate: X509Certificate,
): Witness {
  const { tlogEntries } = bundle.verificationMaterial;
  if (root.demands === 'logs' && tlogEntries.length === 0) {
    throw new Refusal('not-in-log', 'bundle holds no entry of a transparency log');
  }
  const threshold = root.demands === 'logs' ? 1 : 0;
  const verifier = new Verifier(root.material, {
    tlogThreshold: threshold,
    ctlogThreshold: threshold,
    timestampThreshold: 1,
  });
  let entity: SignedEntity | undefined;
  try {
    entity = toSignedEntity(bundle);
    verifier.verify(entity);
    const times = witnessTimes(entity);
    if (!entity.tlogEntries.every(({ logId }) => isInUse(root, logId.keyId, times))) {
      throw new Refusal('not-in-log', 'the key of the transparency log was not in use then');
    }
    return readWitness(root, entity);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw explain(error, { root, certificate, entity });
  }
}
