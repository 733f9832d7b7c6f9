import { createHash, createPrivateKey } from 'node:crypto';
import {
  createSigner,
  Release,
  refOf,
  resultStatement,
  roundAmendStatement,
  roundIdOf,
  roundOpenStatement,
  signStatement,
  unverifiedPayload,
  type Envelope,
  type ResultHead,
  type RosterEntry,
  type Signer,
} from '#libs/attestation';
import { sha256, toBase64, type Sha256 } from '#libs/encoding';

/** The DER before the 32 bytes of an Ed25519 seed. Source: RFC 8410 section 7 */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A builder that tests know by name: the same name is the same key. */
export function maker(name: string): Signer {
  return createSigner(seedOf(name));
}

/** Its private key, as openssl would write it. */
export function pemOfMaker(name: string): string {
  const key = Buffer.concat([PKCS8_PREFIX, seedOf(name)]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

function seedOf(name: string): Uint8Array {
  return createHash('sha256').update(`maker ${name}`).digest();
}

/** Some bytes' digest, by a short name of the bytes. */
export function digest(bytes: string): Sha256 {
  return sha256(bytes);
}

/** A roster file's content: builders by operator. */
export function rosterOf(builders: Readonly<Record<string, readonly string[]>>): {
  readonly operators: readonly object[];
} {
  return {
    operators: Object.entries(builders).map(([operator, names]) => ({
      operator,
      builders: names.map((name) => ({ publicKey: toBase64(maker(name).publicKey) })),
    })),
  };
}

/** A release of a few artifacts: the digest that is expected of each, or null. */
export function releaseOf(expected: Readonly<Record<string, string | null>>): Release {
  return Release.parse({
    name: 'ic/0123456789012345678901234567890123456789',
    source: { digest: { gitCommit: '0123456789012345678901234567890123456789' } },
    artifacts: Object.entries(expected).map(([name, bytes], at) => ({
      name,
      path: `${name}.tar.zst`,
      expected: bytes === null ? null : digest(bytes),
      elected: at === 0,
    })),
  });
}

/** What a maker signs when its build gave these bytes, by artifact. */
export function built(
  name: string,
  release: Release,
  bytes: Readonly<Record<string, string>>,
  head: Partial<ResultHead> = {},
): Envelope {
  const outputs = Object.entries(bytes).map(([artifact, content]) => ({
    name: artifact,
    path: release.artifacts.find((entry) => entry.name === artifact)?.path ?? `${artifact}.img`,
    sha256: digest(content),
    sizeBytes: null,
  }));
  const statement = resultStatement({
    ...{ ...headOf(name, release), ...head },
    ...{ kind: 'built', outputs, published: [], inputs: {}, logSha256: null },
  });
  return signStatement(statement, maker(name));
}

/** What a maker signs when its build failed. */
export function failed(name: string, release: Release, failure: string): Envelope {
  const statement = resultStatement({
    ...headOf(name, release),
    ...{ kind: 'failed', stage: 'build', class: failure, message: 'it failed', logSha256: null },
  });
  return signStatement(statement, maker(name));
}

function headOf(name: string, release: Release): ResultHead {
  return {
    round: null,
    builder: maker(name).id,
    release: refOf(release),
    salt: toBase64(createHash('sha256').update(`salt ${name}`).digest()),
    agentVersion: 'test',
    agentDigest: null,
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T01:00:00Z',
    environment: { source: 'declared', facts: {}, withheld: [] },
  };
}

/** A coordinator's signed RoundOpen that invites these builders, by operator. */
export function roundOf(
  release: Release,
  builders: Readonly<Record<string, readonly string[]>>,
): Envelope {
  const statement = roundOpenStatement({
    openedAt: '2026-01-01T00:00:00Z',
    closesAt: '2026-01-02T00:00:00Z',
    revealSeconds: 3600,
    blind: true,
    threshold: '2/3',
    ...{ release, proposal: null, urls: [] },
    roster: seatsOf(builders),
    nonce: toBase64(createHash('sha256').update('nonce').digest()),
  });
  return signStatement(statement, maker('coordinator'));
}

/** A coordinator's signed RoundAmend that invites more builders to a round, by operator. */
export function amendOf(
  open: Envelope,
  builders: Readonly<Record<string, readonly string[]>>,
): Envelope {
  const statement = roundAmendStatement({
    round: roundIdOf(unverifiedPayload(open)),
    amendedAt: '2026-01-01T00:10:00Z',
    added: seatsOf(builders),
  });
  return signStatement(statement, maker('coordinator'));
}

function seatsOf(builders: Readonly<Record<string, readonly string[]>>): RosterEntry[] {
  return Object.entries(builders).map(([operator, names]) => ({
    operator,
    builders: names.map((name) => ({
      builder: maker(name).id,
      publicKey: toBase64(maker(name).publicKey),
    })),
  }));
}
