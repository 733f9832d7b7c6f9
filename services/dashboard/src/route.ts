import { addressOf } from './address-of.js';
import { roundNeeds } from './pages/round/round-needs.js';

/** What a page is made of: one answer of the public API. */
export interface Need {
  /** Path and query of the API. */
  readonly path: string;
  /** Whether the page makes sense without it: a needed thing that is not there is a page of its own. */
  readonly isOptional?: true;
}

/** The pages that there are; `nowhere` for any other address. */
export type PageName =
  | 'rounds'
  | 'round'
  | 'print'
  | 'proposal'
  | 'builders'
  | 'builder'
  | 'log'
  | 'attestation'
  | 'groups'
  | 'group'
  | 'nowhere';

/** Where an address leads: a page, what it is about, and what has to be asked for it. */
export interface Route {
  readonly page: PageName;
  readonly params: Readonly<Record<string, string>>;
  /** By the name under which the page finds the answer. */
  readonly needs: Readonly<Record<string, Need>>;
}

/** Ids as they stand in addresses: nothing that would lead a path of the API elsewhere. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const ROWS = 20;
const NOWHERE: Route = { page: 'nowhere', params: {}, needs: {} };

/** Finds the page of an address, given as path and query. */
export function routeOf(url: string): Route {
  const { pathname, searchParams } = addressOf(url);
  const [head = '', id, tail, ...rest] = pathname.split('/').slice(1);
  if (rest.length > 0 || (id !== undefined && !ID.test(id))) return NOWHERE;
  const place = tail === undefined ? head : `${head}//${tail}`;
  if (id === undefined) return listRoute(head, searchParams);
  return routeOfOne(place, id, searchParams);
}

function listRoute(head: string, query: URLSearchParams): Route {
  switch (head) {
    case '':
      return {
        page: 'rounds',
        params: {},
        needs: {
          proposals: { path: listPath('/v1/proposals', query.get('before')), isOptional: true },
          rounds: { path: listPath('/v1/rounds', query.get('rounds')) },
        },
      };
    case 'builders':
      return {
        page: 'builders',
        params: {},
        needs: { builders: { path: listPath('/v1/builders', query.get('after'), 'after') } },
      };
    case 'groups':
      return { page: 'groups', params: {}, needs: { groups: { path: '/v1/groups' } } };
    case 'log':
      return {
        page: 'log',
        params: {},
        needs: {
          checkpoint: { path: '/v1/log/checkpoint', isOptional: true },
          key: { path: '/v1/log/key' },
          entries: { path: listPath('/v1/attestations', query.get('before')), isOptional: true },
        },
      };
    default:
      return NOWHERE;
  }
}

function routeOfOne(place: string, id: string, query: URLSearchParams): Route {
  switch (place) {
    case 'rounds':
      return {
        page: 'round',
        params: { round: id },
        needs: roundNeeds(id),
      };
    case 'rounds//print':
      return {
        page: 'print',
        params: { round: id },
        needs: {
          report: { path: `/v1/rounds/${id}/report` },
          explanation: { path: `/v1/rounds/${id}/explanation`, isOptional: true },
        },
      };
    case 'proposals':
      return {
        page: 'proposal',
        params: { proposal: id },
        needs: { report: { path: `/v1/proposals/${id}/report` } },
      };
    case 'builders':
      return {
        page: 'builder',
        params: { builder: id },
        needs: {
          builder: { path: `/v1/builders/${id}`, isOptional: true },
          keys: { path: `/v1/keys/${id}`, isOptional: true },
          agreement: { path: `/v1/builders/${id}/agreement`, isOptional: true },
          history: { path: listPath(`/v1/builders/${id}/rounds`, query.get('before')) },
        },
      };
    case 'groups':
      return {
        page: 'group',
        params: { group: id },
        needs: {
          group: { path: `/v1/groups/${id}` },
          groupRounds: { path: listPath(`/v1/groups/${id}/rounds`, query.get('before')) },
        },
      };
    case 'attestations':
      return {
        page: 'attestation',
        params: { sha256: id },
        needs: { attestation: { path: `/v1/attestations/${id}` } },
      };
    default:
      return NOWHERE;
  }
}

/** Asks for one page of a list: the first, or the one that a cursor begins. */
function listPath(
  path: string,
  cursor: string | null,
  name: 'before' | 'after' = 'before',
): string {
  const asked = new URLSearchParams({ limit: `${ROWS}` });
  if (cursor !== null && cursor !== '') asked.set(name, cursor);
  return `${path}?${asked.toString()}`;
}
