import { ASN1Obj } from '@sigstore/core';
import { fromHex } from '#libs/encoding';
import { Refusal } from './refusal.js';

const OID_SIGNED_DATA = fromHex('06092a864886f70d010702');
const OID_TST_INFO = fromHex('060b2a864886f70d0109100104');
const NULL = fromHex('0500');
const VERSION_1 = fromHex('020101');
const VERSION_3 = fromHex('020103');
const GRANTED = fromHex('3003020100');
/** SHA-256, SHA-384 and SHA-512. */
const DIGESTS = ['01', '02', '03'].map((arc) => fromHex(`06096086480165030402${arc}`));
/** ECDSA with each of them; an unknown one would be verified with whatever is the default. */
const SIGNATURES = ['02', '03', '04'].map((arc) => fromHex(`06082a8648ce3d0403${arc}`));

const SEQUENCE = 0x30;
const SET = 0x31;
const OCTET_STRING = 0x04;
const INTEGER = 0x02;
const CONTEXT_0 = 0xa0;

/**
 * Checks that a timestamp response is the only one that says what it says: only the time and a few
 * attributes in it are signed, and around them a reader would accept almost anything. It is built
 * again from its signed parts, and has to come out the same.
 *
 * @throws Refusal malformed-bundle
 * Source: RFC 3161 section 2.4.2; RFC 5652 section 5; certificates stand in the trusted root
 */
export function checkTimestampResponse(response: Buffer<ArrayBuffer>): void {
  let rebuilt: readonly Buffer[];
  try {
    rebuilt = rebuild(ASN1Obj.parseBuffer(response));
  } catch (cause) {
    throw malformed({ cause });
  }
  if (!rebuilt.some((bytes) => bytes.equals(response))) throw malformed();
}

/** Builds the response without certificates, and with an empty list of them. */
function rebuild(response: ASN1Obj): readonly Buffer[] {
  const content = at(at(at(response, 1), 1), 0);
  const tstInfo = at(at(at(content, 2), 1), 0).value;
  const signer = at(at(content, content.subs.length - 1), 0);
  const [, sid, digest, attributes, algorithm, signature] = signer.subs;
  if (!sid || !digest || !attributes || !algorithm || !signature) throw malformed();
  const digestBytes = encodeDigest(digest);
  const info = der(
    SEQUENCE,
    VERSION_1,
    der(SEQUENCE, der(SEQUENCE, at(sid, 0).value), der(INTEGER, at(sid, 1).value)),
    digestBytes,
    der(CONTEXT_0, attributes.value),
    der(SEQUENCE, pick(SIGNATURES, at(algorithm, 0))),
    der(OCTET_STRING, signature.value),
  );
  const encapsulated = der(SEQUENCE, OID_TST_INFO, der(CONTEXT_0, der(OCTET_STRING, tstInfo)));
  const head = [VERSION_3, der(SET, digestBytes), encapsulated];
  return [[], [der(CONTEXT_0)]].map((certificates) => {
    const data = der(SEQUENCE, ...head, ...certificates, der(SET, info));
    return der(SEQUENCE, GRANTED, der(SEQUENCE, OID_SIGNED_DATA, der(CONTEXT_0, data)));
  });
}

/** Parameters may be left out or be NULL. Source: RFC 5754 section 2 */
function encodeDigest(algorithm: ASN1Obj): Buffer {
  const oid = pick(DIGESTS, at(algorithm, 0));
  return algorithm.subs.length > 1 ? der(SEQUENCE, oid, NULL) : der(SEQUENCE, oid);
}

function pick(known: readonly Uint8Array[], found: ASN1Obj): Uint8Array {
  const bytes = found.toDER();
  const same = known.find((oid) => bytes.equals(oid));
  if (same === undefined) throw malformed();
  return same;
}

function at(parent: ASN1Obj, index: number): ASN1Obj {
  const child = parent.subs[index];
  if (child === undefined) throw malformed();
  return child;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const size = body.length;
  const length =
    size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function malformed(options?: ErrorOptions): Refusal {
  return new Refusal('malformed-bundle', 'timestamp is not a plain RFC 3161 response', options);
}
