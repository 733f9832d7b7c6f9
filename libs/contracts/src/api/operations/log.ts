import { Envelope } from '#libs/attestation';
import { MEDIA, type Operation } from '../operation.js';
import { LogIndexParams, TileParams } from '../parameters.js';

const tag = 'log';

/** Routes below `/v1/log`. */
export const LOG_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'getCheckpoint', method: 'GET', path: '/v1/log/checkpoint', tag },
    summary: 'Gives the newest checkpoint, a signed note with all cosignatures',
    answers: { 200: { description: 'A signed note', type: MEDIA.text } },
    problems: ['empty-log', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'getTile', method: 'GET', path: '/v1/log/tile/{path}', tag },
    summary: 'Gives a tile of the signed tree, or a bundle of its entries',
    params: TileParams,
    answers: { 200: { description: 'Never changes', type: MEDIA.bytes } },
    problems: ['no-such-tile', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'listEnvelopes', method: 'GET', path: '/v1/log/envelopes/{index}', tag },
    summary: 'Gives envelopes of the signed tree from a leaf on, some at a time',
    params: LogIndexParams,
    answers: {
      200: { description: 'One envelope a line', type: MEDIA.lines, schema: Envelope },
    },
    problems: ['archived', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'getLogKey', method: 'GET', path: '/v1/log/key', tag },
    summary: 'Gives the verifier key of the log, which agents and auditors pin',
    answers: { 200: { description: 'A C2SP vkey', type: MEDIA.text } },
    problems: [],
  },
];
