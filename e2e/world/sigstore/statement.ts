import type { Attestation } from './attestation.js';

/** Writes the in-toto statement that `actions/attest` makes of checksums. */
export function toStatement(attestation: Attestation): string {
  const {
    subjects,
    statementType = 'https://in-toto.io/Statement/v1',
    predicateType = 'https://slsa.dev/provenance/v1',
  } = attestation;
  return JSON.stringify({
    _type: statementType,
    subject: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType,
    predicate: {
      buildDefinition: {
        buildType: 'https://actions.github.io/buildtypes/workflow/v1',
        externalParameters: {},
      },
      runDetails: { builder: { id: 'https://github.com/actions/runner' } },
    },
  });
}

/** DSSE's pre-authentication encoding. Source: DSSE v1.0.2, protocol.md */
export function encodePae(payloadType: string, payload: string): Buffer {
  const body = Buffer.from(payload);
  const type = Buffer.from(payloadType);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${body.length} `),
    body,
  ]);
}
