import { BuilderKeys, KeyLogged, KeyRecords, SubmittedKey } from '../../http/keys.js';
import { MEDIA, type Operation } from '../operation.js';
import { BuilderParams, KeyListQuery } from '../parameters.js';
import { KEY_RECORD } from '../shared.js';

const tag = 'keys';

/** Routes below `/v1/keys`. */
export const KEY_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'submitKeyRecord', method: 'POST', path: '/v1/keys', tag },
    summary: "Logs an operator's enrolment, rotation or revocation of a builder's keys",
    body: SubmittedKey,
    answers: { 200: { description: 'Its receipt', type: MEDIA.json, schema: KeyLogged } },
    problems: ['unknown-operator', 'too-many-keys', ...KEY_RECORD],
  },
  {
    ...{ id: 'listKeyRecords', method: 'GET', path: '/v1/keys', tag },
    summary: 'Lists key records in log order, with receipts',
    query: KeyListQuery,
    answers: { 200: { description: 'A page of records', type: MEDIA.json, schema: KeyRecords } },
    problems: [],
  },
  {
    ...{ id: 'getBuilderKeys', method: 'GET', path: '/v1/keys/{builder}', tag },
    summary: "Tells how a builder's newest keys stand now",
    params: BuilderParams,
    answers: { 200: { description: 'The keys', type: MEDIA.json, schema: BuilderKeys } },
    problems: ['no-key-records'],
  },
];
