import { LoggedAttestation } from '../../http/http.js';
import { MEDIA, type Operation } from '../operation.js';
import { AttestationParams } from '../parameters.js';

/** Routes below `/v1/attestations`. */
export const ATTESTATION_OPERATIONS: readonly Operation[] = [
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
