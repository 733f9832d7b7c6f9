import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { docPage } from './doc-page.js';

const root = join(import.meta.dirname, '../../..');

describe('a page that is named to a user', () => {
  test('is where the services say that their own is', () => {
    const unit = readFileSync(join(root, 'deploy/systemd/repro-quorum-agent.service'), 'utf8');
    expect(unit).toContain(`\nDocumentation=${docPage('deploy')}\n`);
  });

  test('is one of docs/', () => {
    const sources = globSync('**/*.ts', { cwd: import.meta.dirname, exclude: ['**/*.spec.ts'] });
    const named = sources.flatMap((file) => {
      const text = readFileSync(join(import.meta.dirname, file), 'utf8');
      return [...text.matchAll(/docPage\('([^']*)'\)/g)].map(([, name = '']) => name);
    });
    expect(named).toContain('files');
    expect(named.filter((name) => !existsSync(join(root, 'docs', `${name}.md`)))).toEqual([]);
  });
});
