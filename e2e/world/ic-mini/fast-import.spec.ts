import { expect, test } from 'vitest';
import { fastImportStream } from './fast-import.js';

test('a commit says everything that its id depends on', () => {
  const stream = fastImportStream([
    {
      branch: 'rc--2026',
      message: 'release',
      timeSeconds: 1_700_000_000,
      parent: 'a'.repeat(40),
      files: [
        { path: 'run.sh', executable: true, content: Buffer.from('é') },
        { path: 'data', executable: false, content: Buffer.from('') },
      ],
    },
  ]);
  const identity = 'IC-OS Release <release@ic-mini.example> 1700000000 +0000';
  expect(stream.toString()).toBe(
    [
      ...['commit refs/heads/rc--2026', 'mark :1', `author ${identity}`, `committer ${identity}`],
      ...['data 8', 'release\n', `from ${'a'.repeat(40)}`, 'M 100755 inline run.sh', 'data 2', 'é'],
      ...['M 100644 inline data', 'data 0', '', '', 'get-mark :1', ''],
    ].join('\n'),
  );
});
