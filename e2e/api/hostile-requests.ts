import fc from 'fast-check';
import { OPERATIONS, type Operation } from '#libs/contracts';
import type { Asked } from './exchange.js';
import { fieldsOf } from './requests.js';

/** What is there, and what would be wanted of it. */
export interface Target {
  /** Values of parameters that lead to something. */
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** Tokens that are good for something. */
  readonly tokens: readonly string[];
}

/** A request that may be anything, and the operation that it was meant for. */
export interface Hostile {
  /** Of the operation. */
  readonly id: string;
  readonly asked: Asked;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'SEARCH'];
/** Pieces of paths and queries as they travel: escapes that mean nothing, or more than they seem. */
const RAW = [
  ...['%', '%0', '%zz', '%00', '%0d%0a', '%2e%2e%2f', '..%2f..%2f', '%2F', '%5c', '%25%30%30'],
  ...['%u0041', '%ff', '%c3%28', '%c0%af', '%ed%a0%80', '%f4%90%80%80', '%E2%80%AE', '%EF%BB%BF'],
  ...['..', '.', '', ';a=b', '*', '~', '!', "'", '"', '<script>', '{round}', ':round', '$&', '|'],
  ...['-1', '0', '1', '1.5', '1e99', '-0', 'NaN', 'Infinity', '0x10', '007', '9'.repeat(30)],
  ...['null', 'undefined', 'true', '__proto__', 'constructor', 'toString', 'all', 'latest'],
];
const TYPES = [
  ...['application/json', 'application/json; charset=utf-16', 'text/plain', 'multipart/form-data'],
  ...[
    'application/json; charset',
    '',
    'application/x-www-form-urlencoded',
    'a/b/c',
    'APPLICATION/JSON',
  ],
];
const RANGES = [
  'bytes=0-',
  'bytes=-1',
  'bytes=5-2',
  'bytes=0-0,2-3',
  'bytes=9999999999-',
  'x=1',
  '=',
];
const ENCODINGS = [
  'gzip',
  'br',
  'zstd',
  'identity;q=0',
  '*;q=0',
  'gzip;q=x',
  ',,,',
  'deflate, gzip',
];
const TAGS = ['*', '"x"', 'W/"x"', '"', ',', '"a", "b"'];
const BODIES = [
  ...['', '{', '[]', 'null', '{}', '"\\ud800"', '{"__proto__":{"a":1}}', '{"constructor":{}}'],
  ...['['.repeat(20_000), `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, '\u0000', '1e999'],
  ...['{"payload":"","payloadType":"","signatures":[]}', '{"builders":["a"]}', '\ufeff{}'],
];

const lengthy = fc.integer({ min: 1, max: 3_000 }).map((length) => 'A'.repeat(length));
const anyText = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => {
  // Lone surrogates have no encoding: they travel as what replaces them.
  return encodeURIComponent(text.toWellFormed());
});
const piece = fc.oneof(
  fc.constantFrom(...RAW),
  anyText,
  fc.tuple(fc.constantFrom(...RAW), fc.constantFrom(...RAW)).map((pair) => pair.join('')),
  lengthy,
  fc.string({
    unit: fc.nat({ max: 15 }).map((digit) => digit.toString(16)),
    minLength: 40,
    maxLength: 64,
  }),
  fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((text) => encodeURIComponent(text.toWellFormed())),
);
/** What a header can hold: Node sends nothing else. */
const headerText = fc.string({ unit: 'binary-ascii', maxLength: 60 }).map((text) => {
  return text.replaceAll(/[^\t -~]/g, '?');
});

/** Makes requests for every operation, most of them malformed in some way. */
export function hostileRequests({ params, tokens }: Target): fc.Arbitrary<Hostile> {
  const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 4): fc.Arbitrary<T | undefined> =>
    fc.option(arbitrary, { nil: undefined, freq });
  const present = (name: string): fc.Arbitrary<string> =>
    fc.constantFrom(...(params[name] ?? ['x'])).map((value) => {
      return name === 'path' ? value : encodeURIComponent(value);
    });
  const pathOf = ({ path }: Operation): fc.Arbitrary<string> => {
    const parts = path.split(/(\{\w+\})/).map((part) => {
      const [, name] = /^\{(\w+)\}$/.exec(part) ?? [];
      if (name === undefined) return fc.constant(part);
      return fc.oneof({ weight: 3, arbitrary: present(name) }, { weight: 2, arbitrary: piece });
    });
    return fc.tuple(...parts).map((each) => each.join(''));
  };
  const queryOf = (operation: Operation): fc.Arbitrary<string> => {
    const names = [...Object.keys(fieldsOf(operation.query)), 'limit', 'after', 'limit[]', 'x'];
    const pair = fc.tuple(fc.oneof(fc.constantFrom(...names), piece), piece);
    return fc
      .array(pair, { maxLength: 4 })
      .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'))
      .map((text) => (text === '' ? '' : `?${text}`));
  };
  const headers = fc
    .record({
      'content-type': maybe(fc.oneof(fc.constantFrom(...TYPES), headerText)),
      accept: maybe(headerText, 1),
      'accept-encoding': maybe(fc.oneof(fc.constantFrom(...ENCODINGS), headerText), 1),
      'if-none-match': maybe(fc.oneof(fc.constantFrom(...TAGS), headerText), 1),
      'if-modified-since': maybe(headerText, 1),
      range: maybe(fc.oneof(fc.constantFrom(...RANGES), headerText), 1),
      'last-event-id': maybe(headerText, 1),
      authorization: maybe(
        fc.oneof(fc.constantFrom(...tokens.map((token) => `Bearer ${token}`)), headerText),
      ),
      'x-forwarded-for': maybe(headerText, 1),
      origin: maybe(headerText, 1),
    })
    .map((all) =>
      Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    );
  const body = fc.oneof(
    fc.constantFrom(...BODIES),
    fc.json({ maxDepth: 4 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }),
  );
  return fc.constantFrom(...OPERATIONS).chain((operation) =>
    fc
      .record({
        method: fc.oneof(
          { weight: 5, arbitrary: fc.constant(operation.method as string) },
          { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
        ),
        path: fc.tuple(pathOf(operation), queryOf(operation)).map((both) => both.join('')),
        ...{ headers, body },
      })
      .map(({ method, path, headers: sent, body: said }) => ({
        id: operation.id,
        asked: {
          // What stands in no request line, no client could send.
          ...{ method, path: path.replaceAll(/[^!-~]/g, '?'), headers: sent },
          ...(!['GET', 'HEAD', 'TRACE'].includes(method) && { body: said }),
        },
      })),
  );
}
