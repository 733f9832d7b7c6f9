import { fromHex, toBase64 } from '#libs/encoding';
import { signatureOf, unverifiedPayload, type Envelope } from './dsse.js';
import { keyIdOf, spkiOf } from './key.js';

/** Where an envelope stands in our log, as an inclusion proof has it. */
export interface SigstoreLogEntry {
  readonly index: bigint;
  readonly treeSize: bigint;
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
  /** The signed note. Cosignatures in it are passed over by Sigstore's clients, not checked. */
  readonly checkpoint: string;
  /** The log's note key id, 8 hexadecimal characters. */
  readonly logKeyId: string;
  /** The leaf: canonical JSON of a `hashedrekord` 0.0.2. */
  readonly entry: Uint8Array;
}

/**
 * Writes an envelope as a Sigstore bundle v0.3: the key as a hint, and our log's entry with its
 * inclusion proof and checkpoint; without an entry where `logged` is null. Base64 is standard, as
 * protobuf's JSON wants it.
 *
 * Source: sigstore/protobuf-specs, sigstore_bundle.proto and sigstore_rekor.proto
 */
export function sigstoreBundle(
  envelope: Envelope,
  publicKey: Uint8Array,
  logged: SigstoreLogEntry | null,
): object {
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      publicKey: { hint: keyIdOf(publicKey) },
      tlogEntries: logged === null ? [] : [tlogEntry(logged)],
    },
    dsseEnvelope: {
      payload: toBase64(unverifiedPayload(envelope)),
      payloadType: envelope.payloadType,
      signatures: [{ keyid: keyIdOf(publicKey), sig: toBase64(signatureOf(envelope)) }],
    },
  };
}

/** What a trusted root says of one log. */
export interface SigstoreLog {
  readonly origin: string;
  readonly publicKey: Uint8Array;
  /** The log's note key id, 8 hexadecimal characters. */
  readonly logKeyId: string;
  /** From when on the log's key is valid, RFC 3339. */
  readonly validFrom: string;
}

/**
 * Writes a Sigstore trusted root that knows one log, no certificate authority and no time stamp
 * authority: keys of builders are given to the verifier beside it.
 *
 * Source: sigstore/protobuf-specs, sigstore_trustroot.proto
 */
export function sigstoreTrustedRoot({
  origin,
  publicKey,
  logKeyId,
  validFrom,
}: SigstoreLog): object {
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      {
        baseUrl: `https://${origin}`,
        hashAlgorithm: 'SHA2_256',
        publicKey: {
          rawBytes: toBase64(spkiOf(publicKey)),
          keyDetails: 'PKIX_ED25519',
          validFor: { start: validFrom },
        },
        logId: { keyId: toBase64(fromHex(logKeyId)) },
      },
    ],
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: [],
  };
}

function tlogEntry(logged: SigstoreLogEntry): object {
  const logIndex = String(logged.index);
  return {
    logIndex,
    logId: { keyId: toBase64(fromHex(logged.logKeyId)) },
    kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
    inclusionProof: {
      logIndex,
      rootHash: toBase64(logged.root),
      treeSize: String(logged.treeSize),
      hashes: logged.proof.map((hash) => toBase64(hash)),
      checkpoint: { envelope: logged.checkpoint },
    },
    canonicalizedBody: toBase64(logged.entry),
  };
}
