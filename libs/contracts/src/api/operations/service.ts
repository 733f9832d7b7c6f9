import { z } from 'zod';
import { CoordinatorPolicies } from '../../http/queries/policies.js';
import { MEDIA, type Operation } from '../operation.js';
import { ReadinessQuery } from '../parameters.js';
import { Nothing } from '../shared.js';

const tag = 'service';
const Document = z.looseObject({ openapi: z.literal('3.1.0') });
const Alive = z.object({ status: z.literal('ok') });

/** Routes about the process and its API. */
export const SERVICE_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'getPolicies', method: 'GET', path: '/v1/policies', tag },
    summary: 'Tells by what rounds are opened and decided here where a request says nothing else',
    answers: {
      200: { description: 'The rules', type: MEDIA.json, schema: CoordinatorPolicies },
    },
    problems: [],
  },
  {
    ...{ id: 'getOpenApi', method: 'GET', path: '/v1/openapi.json', tag },
    summary: 'Gives this document',
    headers: { 'if-none-match': 'The ETag of the copy that is there' },
    answers: {
      200: { description: 'OpenAPI 3.1', type: MEDIA.json, schema: Document },
      304: Nothing,
    },
    problems: [],
  },
  {
    ...{ id: 'getHealth', method: 'GET', path: '/healthz', tag },
    summary: 'Answers while the process lives',
    answers: { 200: { description: 'It lives', type: MEDIA.json, schema: Alive } },
    problems: [],
  },
  {
    ...{ id: 'getReadiness', method: 'GET', path: '/readyz', tag },
    summary: 'Answers while PostgreSQL and NATS do, and the log is sound',
    query: ReadinessQuery,
    answers: { 200: { description: 'It is ready', type: MEDIA.json, schema: Alive } },
    problems: ['not-ready', 'stopping', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'getMetrics', method: 'GET', path: '/metrics', tag },
    summary: 'Gives numbers for Prometheus',
    answers: { 200: { description: 'Prometheus text', type: MEDIA.text } },
    problems: [],
  },
];
