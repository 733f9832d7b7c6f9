import { MEDIA, type Operation } from '../operation.js';
import { OriginParams } from '../parameters.js';

const tag = 'witness';

/** Routes below `/v1/witness`; what `addCheckpoint` refuses, it refuses in C2SP's own way. */
export const WITNESS_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'addCheckpoint', method: 'POST', path: '/v1/witness/add-checkpoint', tag },
    summary: 'Cosigns a checkpoint of another log that is shown to have grown from the last one',
    body: 'text',
    answers: {
      200: { description: 'A cosignature line', type: MEDIA.text },
      400: { description: 'Malformed', type: MEDIA.text },
      403: { description: 'Not signed by a key of that log', type: MEDIA.text },
      404: { description: 'No log that is witnessed here', type: MEDIA.text },
      409: { description: 'The size that is witnessed', type: MEDIA.treeSize },
      422: { description: 'The proof does not hold', type: MEDIA.text },
      503: { description: 'Its own log stands still', type: MEDIA.text },
    },
    problems: [],
  },
  {
    ...{ id: 'getWitnessedCheckpoint', method: 'GET', path: '/v1/witness/{origin}/checkpoint' },
    tag,
    summary: 'Gives the newest checkpoint of a log that was cosigned here',
    params: OriginParams,
    answers: { 200: { description: 'A signed note', type: MEDIA.text } },
    problems: ['not-witnessed'],
  },
  {
    ...{ id: 'getWitnessKey', method: 'GET', path: '/v1/witness/key', tag },
    summary: 'Gives the verifier key of this coordinator as a witness',
    answers: { 200: { description: 'A C2SP vkey', type: MEDIA.text } },
    problems: ['not-witnessed'],
  },
];
