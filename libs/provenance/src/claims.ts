import { ASN1Obj, X509Certificate } from '@sigstore/core';
import { fromHex } from '#libs/encoding';
import { Refusal } from './refusal.js';

/** What a certificate says of the run that it was issued to; undefined where it is silent. */
export type Claims = Readonly<Record<keyof typeof ARCS | 'name', string | undefined>>;

/** The last arc of each claim's object identifier. Source: sigstore/fulcio docs/oid-info.md */
const ARCS = {
  legacyIssuer: 1,
  issuer: 8,
  signerUri: 9,
  signerCommit: 10,
  runner: 11,
  repositoryUri: 12,
  commit: 13,
  ref: 14,
  ownerUri: 16,
  configUri: 18,
  configCommit: 19,
  trigger: 20,
  runUrl: 21,
} as const;

/** 1.3.6.1.4.1.57264.1 in DER, to which an arc below 128 adds one byte. */
const FULCIO = fromHex('2b0601040183bf3001');
const SUBJECT_ALT_NAME = fromHex('551d11');
const MAX_CLAIM_BYTES = 4096;
const UTF8_STRING = 0x0c;
const URI = 0x86;

/**
 * Reads a certificate's claims byte by byte. The stock readers drop high bits and take the first of
 * several, so that other texts would pass for the one that is asked for.
 *
 * @throws Refusal malformed-certificate
 */
export function readClaims(der: Buffer): Claims {
  const { extensions } = X509Certificate.parse(Buffer.from(der));
  const read = (id: Uint8Array, decode: (value: Buffer) => Buffer): string | undefined => {
    const found = extensions.filter(({ subs }) => subs[0]?.value.equals(id));
    if (found.length > 1) throw malformed('claims something twice');
    const value = valueOf(found[0]);
    return value === undefined ? undefined : toText(decode(value));
  };
  const claim = (arc: number): string | undefined =>
    read(Buffer.concat([FULCIO, Buffer.from([arc])]), arc < ARCS.issuer ? bare : utf8String);
  return {
    name: read(SUBJECT_ALT_NAME, onlyUri),
    legacyIssuer: claim(ARCS.legacyIssuer),
    issuer: claim(ARCS.issuer),
    signerUri: claim(ARCS.signerUri),
    signerCommit: claim(ARCS.signerCommit),
    runner: claim(ARCS.runner),
    repositoryUri: claim(ARCS.repositoryUri),
    commit: claim(ARCS.commit),
    ref: claim(ARCS.ref),
    ownerUri: claim(ARCS.ownerUri),
    configUri: claim(ARCS.configUri),
    configCommit: claim(ARCS.configCommit),
    trigger: claim(ARCS.trigger),
    runUrl: claim(ARCS.runUrl),
  };
}

/** The content of an extension's octet string, its last member. */
function valueOf(extension: ASN1Obj | undefined): Buffer | undefined {
  return extension?.subs.at(-1)?.value;
}

const bare = (value: Buffer): Buffer => value;

function utf8String(value: Buffer): Buffer {
  const { tag, value: text } = parse(value);
  if (tag.toDER() !== UTF8_STRING) throw malformed('has a claim that is no UTF8String');
  return text;
}

/** A name that stands alone: beside a second one, readers would disagree on whose it is. */
function onlyUri(value: Buffer): Buffer {
  const [name, ...others] = parse(value).subs;
  if (name?.tag.toDER() !== URI || others.length > 0) throw malformed('is not for one URI alone');
  return name.value;
}

function parse(bytes: Buffer): ASN1Obj {
  try {
    return ASN1Obj.parseBuffer(Buffer.from(bytes));
  } catch (cause) {
    throw malformed('has a claim that is no DER', { cause });
  }
}

function toText(bytes: Buffer): string {
  if (bytes.length > MAX_CLAIM_BYTES) throw malformed('has a claim of over 4 KiB');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed('has a claim that is not UTF-8', { cause });
  }
  if (/\p{Cc}/u.test(text)) throw malformed('has control characters in a claim');
  return text;
}

function malformed(problem: string, options?: ErrorOptions): Refusal {
  return new Refusal('malformed-certificate', `certificate ${problem}`, options);
}
