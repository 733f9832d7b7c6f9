import { AccessTokenList, AccessTokenView, AuditList } from '../../http/access.js';
import { CreatedToken, CreateToken } from '../../http/access.js';
import { MEDIA, type Operation } from '../operation.js';
import { AuditQuery, TokenParams } from '../parameters.js';

const token = { tag: 'access', scope: 'admin' } as const;

/** Routes below `/v1/tokens`, and what was done by them. */
export const ACCESS_OPERATIONS: readonly Operation[] = [
  {
    ...{ id: 'createToken', method: 'POST', path: '/v1/tokens', ...token },
    summary: 'Makes an access token, and tells it this once',
    body: CreateToken,
    answers: { 201: { description: 'The token', type: MEDIA.json, schema: CreatedToken } },
    problems: ['scope-not-held', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'listTokens', method: 'GET', path: '/v1/tokens', ...token },
    summary: 'Lists all tokens without their secrets, newest first',
    answers: { 200: { description: 'All tokens', type: MEDIA.json, schema: AccessTokenList } },
    problems: [],
  },
  {
    ...{ id: 'revokeToken', method: 'DELETE', path: '/v1/tokens/{id}', ...token },
    summary: 'Ends a token at once',
    params: TokenParams,
    answers: { 200: { description: 'The token', type: MEDIA.json, schema: AccessTokenView } },
    problems: ['no-such-token', 'log-corrupt', 'log-behind'],
  },
  {
    ...{ id: 'listAdminActs', method: 'GET', path: '/v1/audit', tag: 'access' },
    summary: 'Lists administrative acts in log order',
    query: AuditQuery,
    answers: { 200: { description: 'A page of acts', type: MEDIA.json, schema: AuditList } },
    problems: ['archived'],
  },
];
