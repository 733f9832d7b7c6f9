import type { z } from 'zod';
import type { Operation } from '#libs/contracts';
import { freshCommit, freshKeys, makeComer, signedOrder, signRotation } from '#libs/testing';
import type { Asked } from './exchange.js';
import { SUBSCRIPTION, tokenOf, type World } from './world.js';

/** What a request says besides what its operation does. */
interface Said {
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** How each operation that changes something is asked so that it succeeds. */
const CHANGES: Readonly<Record<string, (world: World) => Promise<Said>>> = {
  openRound: async () => Promise.resolve({ body: { commit: freshCommit() } }),
  amendRound: async ({ api, builders: [one = '', two = '', three = ''] }) => {
    const round = await api.open({ commit: freshCommit(), builders: [one, two], threshold: '2' });
    return { params: { round }, body: { builders: [three] } };
  },
  closeRound: async ({ api }) => {
    return { params: { round: await api.open({ commit: freshCommit() }) }, body: {} };
  },
  approveBuilder: async ({ joining }) => {
    const { id, enrol } = makeComer();
    await joining.enrol(enrol);
    return { params: { builder: id }, body: {} };
  },
  calibrateBuilder: async () => Promise.resolve({ body: {} }),
  orderBuilder: async ({ joining }) => {
    return { params: { builder: (await joining.approved()).id }, body: {} };
  },
  enrolBuilder: async () => Promise.resolve({ body: makeComer().enrol }),
  obeyOrder: async ({ joining }) => {
    const { operator, id } = await joining.approved();
    return { body: signedOrder(operator, id, 'pause') };
  },
  makeInvite: async () => Promise.resolve({ body: {} }),
  withdrawInvite: async ({ joining }) => {
    return { params: { id: (await joining.invite()).id }, body: {} };
  },
  submitKeyRecord: async ({ joining }) => {
    const { operator, set } = await joining.approved();
    const next = freshKeys();
    return { body: signRotation(operator, set.attestation, next) };
  },
  addCheckpoint: async ({ addCheckpoint }) => Promise.resolve({ body: addCheckpoint }),
  createToken: async () => Promise.resolve({ body: { scopes: ['keys'], label: 'a spec' } }),
  revokeToken: async ({ api }) => {
    return { params: { id: (await tokenOf(api, ['keys'])).view.id }, body: {} };
  },
  putGroup: async () =>
    Promise.resolve({
      params: { group: 'others' },
      body: { name: 'Others', members: ['acme', 'bits'], threshold: '2' },
    }),
  removeGroup: async ({ joining, token }) => {
    const { url } = joining.stranger;
    await fetch(`${url}/v1/groups/passing`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Passing', members: ['acme', 'bits'], threshold: '2' }),
    });
    return { params: { group: 'passing' }, body: {} };
  },
  createSubscription: async () => Promise.resolve({ body: SUBSCRIPTION }),
  deleteSubscription: async ({ subscribe }) => {
    return { params: { id: await subscribe() }, body: {} };
  },
  replayNews: async () => Promise.resolve({ body: { since: new Date(0).toISOString() } }),
};

/** Problems that take a request of their own, by operation and code. */
export const PROVOKING: Readonly<Record<string, (world: World) => Said & { query?: string }>> = {
  'openRound no-such-round': ({ builders: [builder = ''] }) => ({
    body: {
      experiment: { round: 'ee'.repeat(32), artifact: 'guestos/update-img', builder, change: null },
    },
  }),
  'listAttestations no-such-group': () => ({ query: '?group=nobody' }),
  'getRoundPost not-in-round': () => ({ query: '?member=nobody' }),
  'getRoundPostText not-in-round': () => ({ query: '?member=nobody' }),
  'obeyOrder no-such-builder': () => {
    const { operator, id } = makeComer();
    return { body: signedOrder(operator, id, 'pause') };
  },
};

/** Operations that no test here has succeed, and why. */
export const WITHOUT_SUCCESS: Readonly<Record<string, string>> = {
  cancelBuild:
    "an agent has to answer: services/coordinator's and the agent's own tests ask for it",
  getBuildLog: 'an agent has to have built: the tests of services/coordinator/src/build-logs do',
  pingSubscription:
    'a receiver has to answer: the tests of services/coordinator/src/notify have one',
};

/** Whether this file knows how an operation succeeds. */
export function isKnown({ id, method }: Operation): boolean {
  return method === 'GET' || id in CHANGES || id in WITHOUT_SUCCESS;
}

/** Makes a request that should succeed; `said` says something else than what is there. */
export async function goodRequest(world: World, operation: Operation): Promise<Asked> {
  return requestOf(world, operation, (await CHANGES[operation.id]?.(world)) ?? {});
}

/** Makes a request to an operation of what the world has, with these parts of it otherwise. */
export function requestOf(
  world: World,
  operation: Operation,
  {
    params = {},
    body = {},
    query = world.queries[operation.id] ?? '',
  }: Said & { readonly query?: string } = {},
): Asked {
  const { method, scope } = operation;
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? presentOf(world, operation, name);
    return name === 'path' ? value : encodeURIComponent(value);
  });
  const isText = operation.body === 'text';
  return {
    ...{ method, path: `${path}${query}` },
    headers: {
      ...(method !== 'GET' && { 'content-type': isText ? 'text/plain' : 'application/json' }),
      ...(scope !== undefined && { authorization: `Bearer ${world.token}` }),
    },
    ...(method !== 'GET' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

/** Gives what is there for a parameter, out of what the world has of that name. */
function presentOf({ params }: World, { id, params: shape }: Operation, name: string): string {
  const schema = fieldsOf(shape)[name];
  const found = params[name]?.find((value) => schema === undefined || fits(schema, value));
  if (found !== undefined) return found;
  throw new Error(`e2e/api/world.ts has nothing for {${name}} of ${id}: add it to params`);
}

/** Gives the schemas of parameters, by name. */
export function fieldsOf(shape: z.ZodObject | undefined): Readonly<Record<string, z.ZodType>> {
  return shape?.shape ?? {};
}

/** Whether a schema takes a value. */
export function fits(schema: z.ZodType, value: unknown): boolean {
  return schema.safeParse(value).success;
}
