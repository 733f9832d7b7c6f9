import { expect, test } from 'vitest';
import { routeOf } from './route.js';

const ROUND = 'ab'.repeat(32);

test.each([
  ['/', 'rounds'],
  ['/?before=x', 'rounds'],
  [`/rounds/${ROUND}`, 'round'],
  [`/rounds/${ROUND}/print`, 'print'],
  ['/proposals/138000', 'proposal'],
  ['/builders', 'builders'],
  ['/builders/ja3rj-rae', 'builder'],
  ['/log', 'log'],
  [`/attestations/${ROUND}`, 'attestation'],
  ['/nowhere', 'nowhere'],
  ['/rounds', 'nowhere'],
  ['/rounds/', 'nowhere'],
  [`/rounds/${ROUND}/print/more`, 'nowhere'],
  ['//', 'nowhere'],
  ['//elsewhere.example/log', 'nowhere'],
  ['//x:99999/', 'nowhere'],
  ['/\\[', 'nowhere'],
  ['http://elsewhere.example/log', 'nowhere'],
])('%s is the page %s', (url, page) => {
  expect(routeOf(url).page).toBe(page);
});

test.each(['..', '%2e%2e', 'a%2Fb', '../log', 'a%00', '.', 'a?x', '%', 'a b', '-x'])(
  'an id %j leads to no other path of the API',
  (id) => {
    for (const { path } of Object.values(routeOf(`/builders/${id}`).needs)) {
      expect(path).toMatch(
        /^\/v1\/(attestations|builders|keys|log|proposals|rounds)[A-Za-z0-9/._?=&-]*$/,
      );
      expect(path).not.toContain('..');
    }
  },
);

test('a page of a list asks the API for that page, and hands on nothing else', () => {
  expect(routeOf('/?rounds=%26limit%3D5&x=y').needs['rounds']?.path).toBe(
    '/v1/rounds?limit=20&before=%26limit%3D5',
  );
});
