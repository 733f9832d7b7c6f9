import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPERATIONS, PROBLEM_CODES, problemsOf, type Operation } from '#libs/contracts';
import { readConfig } from '#libs/platform';
import { eventually, useQuorum } from '#libs/testing';
import { Config } from '../../services/coordinator/src/config.js';
import { startCoordinator } from '../../services/coordinator/src/coordinator.js';
import { badValues, nowhereOf } from './bad-values.js';
import { exchange, type Asked, type Answered } from './exchange.js';
import { codeOf, expectAnswer, ownCodeOf } from './judge.js';
import {
  fieldsOf,
  fits,
  goodRequest,
  isKnown,
  PROVOKING,
  requestOf,
  WITHOUT_SUCCESS,
} from './requests.js';
import { makeWorld, WORLD_OPERATORS, type World } from './world.js';

const quorum = useQuorum({
  start: (environment) => startCoordinator(readConfig(Config, environment)),
  operators: WORLD_OPERATORS,
  environment: { WRONG_TOKENS_PER_MINUTE: '1000000' },
});
let world: World;
beforeAll(async () => {
  world = await makeWorld(quorum());
});
afterAll(() => world.close());

/** Which problems were provoked, by operation. */
const provoked = new Map<string, Set<string>>();
const ask = (asked: Asked): Promise<Answered> => exchange(world.url, asked);

async function provoke(operation: Operation, asked: Asked): Promise<string> {
  const code = ownCodeOf(operation, await ask(asked));
  provoked.set(operation.id, (provoked.get(operation.id) ?? new Set()).add(code));
  return code;
}

/** Problems that parameters, headers or a body alone lead to. */
const BY_PARAMETERS = new Set([
  ...['malformed-request', 'bad-request', 'token-in-url', 'token-required', 'token-unknown'],
  ...['scope-missing', 'unsupported-media-type', 'payload-too-large'],
]);
/** Of 404 those that take more than a well-formed name of nothing, and where they are provoked. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'empty-log': 'the log has entries here: services/coordinator/src/requests.int.spec.ts',
  'no-round-yet': 'every proposal here has a round: services/coordinator/src/round.int.spec.ts',
  'not-witnessed': 'this coordinator is a witness: the next test asks one that is none',
  'no-such-proposal': 'governance answers for it: services/coordinator/src/requests.int.spec.ts',
};
const named = OPERATIONS.map((operation) => [operation.id, operation] as const);

describe.for(named)('%s', ([id, operation]) => {
  const { params, query, method, body, scope, problems } = operation;

  test.skipIf(id in WITHOUT_SUCCESS)('answers a good request as its schema says', async () => {
    const asked = await goodRequest(world, operation);
    const answered = await eventually(
      'an answer that is no 404',
      async () => ask(method === 'GET' ? asked : await goodRequest(world, operation)),
      ({ status }) => method !== 'GET' || status !== 404,
    );
    expectAnswer(operation, answered);
    expect(Math.floor(answered.status / 100)).toBe(2);
  });

  test('refuses each malformed parameter in its path', async () => {
    for (const [name, schema] of Object.entries(fieldsOf(params))) {
      const codes = await Promise.all(
        badValues(schema).map(async (value) => {
          const asked = requestOf(world, operation, { params: { [name]: value } });
          return [value, await provoke(operation, asked)];
        }),
      );
      expect(codes.filter(([, code]) => code !== 'malformed-request')).toEqual([]);
    }
  });

  test('refuses a path that cannot be decoded', async () => {
    if (params === undefined) return;
    for (const text of ['%zz', '%', '%c3%28', '%ff']) {
      const path = operation.path.replaceAll(/\{\w+\}/g, text);
      expect([path, await provoke(operation, { ...requestOf(world, operation), path })]).toEqual([
        path,
        'bad-request',
      ]);
    }
  });

  test('refuses each malformed parameter in its query', async () => {
    for (const [name, schema] of Object.entries(fieldsOf(query))) {
      const codes = await Promise.all(
        badValues(schema).map(async (value) => {
          const said = { query: `?${name}=${encodeURIComponent(value)}` };
          return [name, value, await provoke(operation, requestOf(world, operation, said))];
        }),
      );
      expect(codes.filter(([, , code]) => code !== 'malformed-request')).toEqual([]);
    }
  });

  test('knows nothing of what is nowhere', async () => {
    const nowhere = nowhereOf(operation);
    const gone = problems.filter((code) => PROBLEM_CODES[code] === 404 && !(code in ELSEWHERE));
    if (nowhere === null || gone.length === 0) return;
    const good = method === 'GET' ? {} : await goodRequest(world, operation);
    const asked = { ...requestOf(world, operation, { params: nowhere }), ...pick(good, 'body') };
    const code = await provoke(operation, asked);
    if (code !== 'builder-away') expect(gone).toContain(code);
  });

  const own = problems.filter((code) => `${id} ${code}` in PROVOKING);
  test.skipIf(own.length === 0).for(own)('refuses as %s', async (code) => {
    const said = PROVOKING[`${id} ${code}`]?.(world) ?? {};
    expect(await provoke(operation, requestOf(world, operation, said))).toBe(code);
  });

  test('takes no token in its address', async () => {
    const query_ = { query: '?token=rqt_0' };
    expect(await provoke(operation, requestOf(world, operation, query_))).toBe('token-in-url');
  });

  test.skipIf(scope === undefined)('asks for a token with its scope', async () => {
    const asked = requestOf(world, operation);
    const { authorization, ...headers } = asked.headers ?? {};
    expect(authorization).toBeDefined();
    expect(await provoke(operation, { ...asked, headers })).toBe('token-required');
    for (const [token, code] of [
      [`rqt_${'0'.repeat(12)}_${'0'.repeat(64)}`, 'token-unknown'],
      ['x', 'token-unknown'],
      [world.weakToken, 'scope-missing'],
    ] as const) {
      const signed = { ...headers, authorization: `Bearer ${token}` };
      expect(await provoke(operation, { ...asked, headers: signed })).toBe(code);
    }
  });

  test.skipIf(method === 'GET')('takes a body of its type and size only', async () => {
    const asked = requestOf(world, operation);
    const large = 'x'.repeat(3_000_000);
    if (body === 'text') {
      expect(await provoke(operation, { ...asked, body: large })).toBe('payload-too-large');
      // What is no JSON, by a type that says it is.
      const headers = { ...asked.headers, 'content-type': 'application/json' };
      expect(await provoke(operation, { ...asked, headers, body: '{' })).toBe('bad-request');
      return;
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { ...asked.headers, 'content-type': type };
      expect(await provoke(operation, { ...asked, headers })).toBe('unsupported-media-type');
    }
    expect(await provoke(operation, { ...asked, body: '{"a":' })).toBe('bad-request');
    expect(await provoke(operation, { ...asked, body: `{"a":"${large}"}` })).toBe(
      'payload-too-large',
    );
    if (body === undefined) return;
    for (const wrong of ['[]', '"text"', '7', 'null', '{"unknown":{"field":1}}']) {
      if (fits(body, JSON.parse(wrong))) continue;
      const code = await provoke(operation, { ...asked, body: wrong });
      expect([wrong, code]).toEqual([wrong, 'malformed-request']);
    }
  });

  test('has no other methods', async () => {
    const own = OPERATIONS.filter(({ path }) => path === operation.path);
    for (const other of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const asked = requestOf(world, operation);
      const twin = OPERATIONS.some(
        (each) => each.method === other && matches(each.path, asked.path),
      );
      if (twin || own.some((each) => each.method === other)) continue;
      const headers = { ...asked.headers, 'content-type': 'application/json' };
      const answered = await ask({ ...asked, headers, method: other, body: '{}' });
      expect([other, asked.path, codeOf(answered)]).toEqual([other, asked.path, 'not-found']);
    }
  });
});

test('a coordinator that is no witness says so', async () => {
  const base = quorum().environment;
  const started = await quorum().start(base);
  const answered = await exchange(started.url, { method: 'GET', path: '/v1/witness/key' });
  expect(codeOf(answered)).toBe('not-witnessed');
  await quorum().stop(started);
});

describe('no operation is left out:', () => {
  test('each is asked so that it succeeds, or there is a reason why not', () => {
    expect(OPERATIONS.filter((operation) => !isKnown(operation)).map(({ id }) => id)).toEqual([]);
  });

  test('each is provoked to every problem that a request alone leads to', () => {
    const left = OPERATIONS.flatMap((operation) =>
      problemsOf(operation)
        .filter((code) => BY_PARAMETERS.has(code) || PROBLEM_CODES[code] === 404)
        .filter((code) => !(code in ELSEWHERE) && provoked.get(operation.id)?.has(code) !== true)
        .map((code) => `${operation.id}: ${code}`),
    );
    const pairs = [...provoked.values()].reduce((sum, codes) => sum + codes.size, 0);
    console.log(`${OPERATIONS.length} operations, ${pairs} problems provoked`);
    expect(left).toEqual([]);
  });
});

/** Whether a path is one of an operation's, whatever its parameters are. */
function matches(pattern: string, path: string): boolean {
  const [bare = ''] = path.split('?');
  return new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(
    bare,
  );
}

function pick(asked: Partial<Asked>, key: 'body'): Pick<Asked, 'body'> {
  const { [key]: body } = asked;
  return body === undefined ? {} : { body };
}
