import { HttpStatus } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { STAGES } from '#libs/attestation';
import { FLAGS, VERDICTS } from '#libs/consensus';
import { ATTEST_STREAM, DISPATCH_STREAM, PROBLEM_BASE, ROUTES, SUBJECTS } from '#libs/contracts';
import type { FailureClass } from '#libs/icos';
import { KEY_PROBLEMS } from '../../services/coordinator/src/keys/key-problems.js';
import { PROBLEM_STATUSES } from '../../services/coordinator/src/problem-statuses.js';
import { filesBelow, read, rows } from './pages.js';

const PROTOCOL = 'docs/protocol.md';
const LIFE = 'docs/life-of-a-proposal.md';

/** All of them: a class that is added and not listed here does not compile. */
const FAILURE_CLASSES = {
  'out-of-space': true,
  network: true,
  permission: true,
  timeout: true,
  'time-limit': true,
  'too-many-processes': true,
  'disk-limit': true,
  'log-limit': true,
  'dirty-tree': true,
  'out-of-memory': true,
  'image-pull': true,
  'missing-tool': true,
  'source-unavailable': true,
  'unsupported-commit': true,
  'output-missing': true,
  'output-truncated': true,
  interrupted: true,
  'build-error': true,
} as const satisfies Record<FailureClass, true>;

const firstCells = rows(PROTOCOL).map(([first = '']) => first);

/** Reads the routes off the controllers: method, prefix and path. */
function routes(): readonly string[] {
  return filesBelow('services/coordinator/src', '.controller.ts').flatMap((file) => {
    const text = read(file);
    const [, key = ''] = /@Controller\(ROUTES\.(\w+)\)/.exec(text) ?? [];
    const prefix = Object.entries(ROUTES).find(([name]) => name === key)?.[1] ?? '';
    const handlers = text.matchAll(/@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g);
    return [...handlers].map(([, method = '', path = '']) => {
      return `${method.toUpperCase()} /${[prefix, path].filter((part) => part !== '').join('/')}`;
    });
  });
}

/** Problems that the coordinator's own code raises, with their status. */
function ownProblems(): readonly (readonly [string, number])[] {
  const files = ['services/coordinator/src', 'libs/platform/src']
    .flatMap((folder) => filesBelow(folder, '.ts'))
    .filter((file) => !file.endsWith('.spec.ts'));
  return files.flatMap((file) =>
    [...read(file).matchAll(/new ProblemError\(\s*HttpStatus\.(\w+),\s*'([\w-]+)'/g)].map(
      ([, status = '', code = '']) =>
        [code, HttpStatus[status as keyof typeof HttpStatus] as number] as const,
    ),
  );
}

describe('docs/protocol.md', () => {
  test.for(Object.values(SUBJECTS))('has a row for the subject %s', (subject) => {
    expect(firstCells).toContain(`${subject}.<builder>`);
  });

  test.for([DISPATCH_STREAM, ATTEST_STREAM])('tells how $name is kept', (stream) => {
    const row = rows(PROTOCOL).find(([name, retention]) => {
      return name === stream.name && retention === stream.retention;
    });
    expect(row?.slice(2, 6)).toEqual([
      stream.subjects.join(', '),
      `${stream.maxAgeSeconds / 86_400} days`,
      `${stream.duplicateWindowSeconds / 60} minutes`,
      `${stream.maxMessageBytes.toLocaleString('en')} bytes`,
    ]);
  });

  test('has a row for each route, and for no other', () => {
    const told = firstCells.filter((cell) => /^[A-Z]+ \//.test(cell));
    expect(told.toSorted()).toEqual(routes().toSorted());
    expect(told.length).toBeGreaterThan(10);
  });

  test.for(VERDICTS)('has a row for the verdict %s', (verdict) => {
    expect(firstCells).toContain(verdict);
  });

  test.for(FLAGS)('has a row for the flag %s', (flag) => {
    expect(firstCells).toContain(flag);
  });

  test.for(Object.keys(FAILURE_CLASSES))('has a row for the failure class %s', (name) => {
    expect(firstCells).toContain(name);
  });

  test.for(STAGES)('names the stage %s', (stage) => {
    expect(read(PROTOCOL).includes(`\`${stage}\``)).toBe(true);
  });

  test('has a row with the right status for each problem', () => {
    const told = new Map(rows(PROTOCOL).map(([type = '', status = '']) => [type, status]));
    const table = Object.entries(PROBLEM_STATUSES).map(
      ([code, status]) => [code.toLowerCase().replaceAll('_', '-'), status] as const,
    );
    expect(ownProblems().length).toBeGreaterThan(5);
    const ofKeys = Object.entries(KEY_PROBLEMS).map(
      ([code, [status]]): readonly [string, number] => [code, status],
    );
    for (const [type, status] of [...table, ...ownProblems(), ...ofKeys]) {
      expect([type, told.get(type)]).toEqual([type, `${status}`]);
    }
    // Those that the filter makes of everything else.
    for (const type of ['not-found', 'bad-request', 'payload-too-large', 'internal']) {
      expect(firstCells).toContain(type);
    }
    expect(read(PROTOCOL).includes(PROBLEM_BASE)).toBe(true);
  });

  test.for(['0', '1', '2', '3', '4', '130'])('tells what exit code %s means', (code) => {
    expect(firstCells).toContain(code);
  });
});

describe('docs/life-of-a-proposal.md', () => {
  const tables = filesBelow('libs/persistence/src/entities', '.entity.ts').map(
    (file) => /@Entity\('(\w+)'\)/.exec(read(file))?.[1] ?? file,
  );
  const parts = [
    ...read('services/builder-agent/src/jobs/job-store.service.ts').matchAll(
      /'([a-z-]+\.(?:dsse\.json|json|tlog-proof))'/g,
    ),
  ].map(([, name = '']) => name);

  test.for(tables)('meets the table %s', (table) => {
    expect(read(LIFE).includes(`\`${table}\``)).toBe(true);
  });

  test.for(parts)('meets the file %s', (part) => {
    expect(read(LIFE).includes(`\`${part}\``)).toBe(true);
  });

  test('knows both', () => {
    expect([tables.length > 5, parts.length > 3]).toEqual([true, true]);
  });
});
