import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatVkey } from '#libs/tlog';
import { Folder } from './folder.js';
import { maker, pemOfMaker } from './makers.js';

/** Nobody listens there. */
const AWAY = ['--database', 'postgres://127.0.0.1:1/x'];
const VKEY = formatVkey('log.example/spec', maker('a').publicKey);

let folder: Folder;
beforeAll(async () => {
  folder = await Folder.make();
  await folder.write('key.pem', pemOfMaker('b'));
  await folder.write('note', 'a checkpoint');
});
afterAll(() => folder.remove());

describe.concurrent('a database that does not answer', () => {
  test.each<[command: string, ...args: string[]]>([
    ['fsck', '--vkey', VKEY],
    ['log export', '--out', 'copy'],
    ['coordinator archive', '--keep', '1', '--to', 'archive', '--vkey', VKEY],
    ['coordinator restore', '--from', 'copy', '--vkey', VKEY],
    [
      'coordinator succeed',
      ...['--from', 'note', '--old-vkey', VKEY, '--reason', 'it is lost'],
      ...['--origin', 'log.example/next', '--key', 'key.pem'],
    ],
    ['coordinator token create', '--scope', 'rounds', '--label', 'spec'],
    ['coordinator token list'],
    ['coordinator token revoke', '1'.repeat(12)],
  ])('is told by `%s` in one line: exit code 2', async (command, ...args) => {
    const { exitCode, stdout, stderr } = await folder.run([
      ...command.split(' '),
      ...args,
      ...AWAY,
    ]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.trim()).toMatch(
      /^\w+: the database does not answer: connect ECONNREFUSED \S+; look at --database or DATABASE_URL$/,
    );
  });

  test('is told by `coordinator run` in one line: exit code 2', async () => {
    const { exitCode, stdout, stderr } = await folder.run(['coordinator', 'run'], {
      ...{ DATABASE_URL: 'postgres://127.0.0.1:1/x', NATS_URL: 'nats://127.0.0.1:1' },
      ...{
        LOG_ORIGIN: 'log.example/spec',
        SIGNING_KEY_FILE: 'key.pem',
        ROSTER_FILE: 'roster.json',
      },
    });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.trim()).toMatch(
      /^coordinator: the database does not answer: connect ECONNREFUSED \S+; look at .*DATABASE_URL$/,
    );
  });
});
