import { X509Certificate } from 'node:crypto';
import { TrustedRoot as TrustedRootFile } from '@sigstore/protobuf-specs';
import { toTrustMaterial, type TrustMaterial } from '@sigstore/verify';
import { quote } from '#libs/encoding';
import { ProvenanceError } from './error.js';

/** One Sigstore that is believed. */
export interface TrustedRoot {
  readonly material: TrustMaterial;
  /** Every certificate of its authorities. */
  readonly authorities: readonly X509Certificate[];
  /**
   * Whose word a signature needs. `logs`: a transparency log for the signature, a certificate log
   * for the certificate, and either's or an authority's time. `timestamps`: an authority's time.
   */
  readonly demands: 'logs' | 'timestamps';
}

const MEDIA_TYPES = new Set(
  ['0.1', '0.2'].flatMap((version) => [
    `application/vnd.dev.sigstore.trustedroot+json;version=${version}`,
    `application/vnd.dev.sigstore.trustedroot.v${version}+json`,
  ]),
);
const MAX_ROOTS = 16;
const MAX_TEXT_LENGTH = 4 * 1024 * 1024;

/**
 * Reads the roots of trust. Nothing is left out that could not be read: a root that lost its logs
 * on the way would demand less.
 *
 * @throws ProvenanceError BAD_TRUSTED_ROOT
 * Source: sigstore protobuf-specs, sigstore_trustroot.proto
 */
export function readTrustedRoots(trustedRoot: unknown): readonly TrustedRoot[] {
  const files = typeof trustedRoot === 'string' ? parse(trustedRoot) : trustedRoot;
  const list: readonly unknown[] = Array.isArray(files) ? files : [files];
  if (list.length === 0 || list.length > MAX_ROOTS) {
    throw bad(`${list.length} roots: expected 1 to ${MAX_ROOTS}`);
  }
  return list.map(readTrustedRoot);
}

/** The public Sigstore's file holds one root; `gh` writes one for each line. */
function parse(text: string): unknown {
  if (text.length > MAX_TEXT_LENGTH) throw bad(`longer than ${MAX_TEXT_LENGTH} characters`);
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line): unknown => {
      try {
        return JSON.parse(line);
      } catch (cause) {
        throw bad(`${quote(line)} is not JSON`, cause);
      }
    });
  }
}

function readTrustedRoot(json: unknown): TrustedRoot {
  const { file, material, authorities } = decode(json);
  if (!MEDIA_TYPES.has(file.mediaType)) throw bad(`media type ${quote(file.mediaType)} is unknown`);
  if (authorities.length === 0) throw bad('it names no certificate authority');
  const hasLogs = material.tlogs.length > 0;
  // Half of what the public instance has is a damaged file: it would let through what no log saw.
  if (hasLogs !== material.ctlogs.length > 0) {
    throw bad('it names a transparency log or a certificate log without the other');
  }
  if (!hasLogs && material.timestampAuthorities.length === 0) {
    throw bad('it names neither logs nor a timestamp authority');
  }
  return { material, authorities, demands: hasLogs ? 'logs' : 'timestamps' };
}

interface Decoded {
  readonly file: TrustedRootFile;
  readonly material: TrustMaterial;
  readonly authorities: readonly X509Certificate[];
}

function decode(json: unknown): Decoded {
  if (typeof json !== 'object' || json === null) throw bad('it is not a JSON object');
  try {
    const file = TrustedRootFile.fromJSON(json);
    const chains = file.certificateAuthorities.map(
      ({ certChain }) => certChain?.certificates ?? [],
    );
    return {
      file,
      material: toTrustMaterial(file),
      authorities: chains.flat().map(({ rawBytes }) => new X509Certificate(rawBytes)),
    };
  } catch (cause) {
    throw bad('it cannot be read', cause);
  }
}

function bad(problem: string, cause?: unknown): ProvenanceError {
  const message = `trusted root is unusable: ${problem}; fetch it with gh attestation trusted-root`;
  return new ProvenanceError('BAD_TRUSTED_ROOT', message, cause === undefined ? {} : { cause });
}
