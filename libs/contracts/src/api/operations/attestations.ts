import { LoggedAttestation } from '../../http/http.js';
import { ArtifactList, ArtifactListQuery } from '../../http/queries/artifact-list.js';
import { AttestationList, AttestationListQuery } from '../../http/queries/attestation-list.js';
import { MEDIA, type Operation } from '../operation.js';
import { AttestationParams } from '../parameters.js';

/** Routes below `/v1/attestations`. */
export const ATTESTATION_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'listAttestations', method: 'GET', path: '/v1/attestations', tag: 'attestations' },
    summary: 'Lists entries of the log, the newest first; every filter that is named has to hold',
    query: AttestationListQuery,
    answers: {
      200: { description: 'A page of entries', type: MEDIA.json, schema: AttestationList },
    },
    problems: ['bad-cursor', 'no-such-group'],
  },
  {
    ...{ id: 'listArtifacts', method: 'GET', path: '/v1/artifacts', tag: 'attestations' },
    summary: 'Lists who built which digest in which decided round, the newest verdict first',
    query: ArtifactListQuery,
    answers: {
      200: { description: 'A page of clusters', type: MEDIA.json, schema: ArtifactList },
    },
    problems: ['bad-cursor'],
  },
  {
    ...{ id: 'getAttestation', method: 'GET', path: '/v1/attestations/{sha256}' },
    tag: 'attestations',
    params: AttestationParams,
    summary: 'Gives one logged envelope with its receipt',
    answers: {
      200: { description: 'The envelope', type: MEDIA.json, schema: LoggedAttestation },
    },
    problems: ['no-such-attestation', 'archived'],
  },
];
