import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { filesBelow, read } from '../docs/pages.js';

const [, section = ''] = read('docs/deploy.md').split(/^## Kubernetes$/m);

const named = filesBelow('k8s', '.yaml').flatMap((file) =>
  [...read(file).matchAll(/(?:secretName:|passwordSecret:\s+name:) (\S+)/g)].map(
    ([, name = '']) => name,
  ),
);
const files = [...section.matchAll(/--from-file=(?:[\w.-]+=)?([\w./-]+)/g)].map(
  ({ 1: file = '', index }) => ({ file, index }),
);

test.for([...new Set(named)])('the page on deployment makes the secret %s', (name) => {
  expect(section).toMatch(new RegExp(`create secret (generic|tls) ${name}\\s`));
});

test.for(files)('makes $file before a secret is made of it', ({ file, index }) => {
  const before = section.slice(0, index);
  const ways = [`out ${file}`, `> ${file}`, `nats-config.main.js ${dirname(file)} /`];
  expect(ways.filter((way) => before.includes(way))).toHaveLength(1);
});
