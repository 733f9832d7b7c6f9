import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { findBuildUser } from './build-user.js';
import { endUser } from './hand-over.js';
import { blockMetadata, readMetadata, unblockMetadata } from './metadata-rule.js';
import { isRoot, openRoom, SPEC_UID } from './room.fixture.js';
import { listOwned } from './user-processes.js';

describe.skipIf(!isRoot)('a build with a user of its own (as root only)', () => {
  test('has no other rights, groups or dumps than that user, and no way to more', async () => {
    const { build } = await openRoom();
    const { logTail, exitCode } = await build(
      'id -u; id -G; grep -E "^(CapEff|CapAmb|NoNewPrivs)" /proc/self/status; ulimit -Hc; for fd in /proc/$$/fd/*; do echo \${fd##*/}; done',
      { openFiles: 2 ** 20 },
    );
    expect(logTail.trim().split(/\s+/)).toEqual([
      ...[
        String(SPEC_UID),
        String(SPEC_UID),
        'CapEff:',
        '0000000000000000',
        'CapAmb:',
        '0000000000000000',
      ],
      // Its own input and output, the script, and the folder that is being listed.
      ...['NoNewPrivs:', '1', '0', '0', '1', '2', '255', '3'],
    ]);
    expect(exitCode).toBe(0);
  });

  test('cannot read what is its starter’s: files, environment, memory, open files', async () => {
    const { build, at } = await openRoom();
    await writeFile(at('key.pem'), 'secret', { mode: 0o600 });
    const own = `/proc/${process.pid}`;
    const tries = [at('key.pem'), `${own}/environ`, `${own}/mem`, `${own}/maps`];
    const { logTail } = await build(
      `for file in ${tries.join(' ')}; do head -c1 $file >/dev/null 2>&1 && echo "read $file"; done; ls ${own}/fd; kill -0 ${process.pid} && echo reached; true`,
    );
    expect(logTail).not.toMatch(/^read|reached/m);
    expect(logTail).toMatch(/Permission denied[\s\S]*Operation not permitted/);
  });

  test('leaves nothing running, however it hid', async () => {
    const { build, user } = await openRoom();
    const { exitCode } = await build(
      [
        '(setsid sh -c "sleep 300 & sleep 300 &" &)',
        '(setsid setsid nohup sleep 300 >/dev/null 2>&1 &)',
        '(env -i setsid sh -c "(sleep 300 &) ; exec 0<&- 1>&- 2>&-" &)',
        'sleep 0.3',
      ].join('\n'),
    );
    expect(exitCode).toBe(0);
    expect(await listOwned(user)).toEqual([]);
  });

  test('leaves nothing in folders of everybody', async () => {
    const { build, user, at } = await openRoom();
    const name = `isolation-left-${SPEC_UID}`;
    await build(
      `mkdir -p /dev/shm/${name}/a /tmp/${name}; ln -s ${at('')} /tmp/${name}/link; true`,
    );
    await endUser(user);
    for (const folder of ['/dev/shm', '/tmp']) {
      await expect(stat(join(folder, name))).rejects.toThrow();
    }
    expect((await stat(at('ic'))).isDirectory()).toBe(true);
  });

  test('cannot reach addresses of cloud metadata by TCP, where others still can', async () => {
    const { build, user } = await openRoom();
    expect(await blockMetadata(user)).toBe('blocked');
    expect(await blockMetadata(user)).toBe('blocked');
    const { logTail } = await build('exec 3<>/dev/tcp/169.254.169.254/80');
    expect(logTail).toMatch(/Permission denied|Network is unreachable|prohibited/);
    // Whatever way others have, the kernel has a rule for this user alone.
    const { stdout } = await execa('ip', ['rule', 'list']);
    expect(
      stdout.match(new RegExp(`uidrange ${SPEC_UID}-${SPEC_UID} ipproto tcp prohibit`, 'g')),
    ).toHaveLength(3);
    expect(await readMetadata(user)).toBe('blocked');
    await unblockMetadata(user);
    await unblockMetadata(user);
    expect((await execa('ip', ['rule', 'list'])).stdout).not.toContain(`${SPEC_UID}-`);
  });
});

describe('a user for builds', () => {
  test.each([
    ['root', /root/],
    ['0', /root/],
  ])('is never %s', async (name, why) => {
    await expect(findBuildUser(name)).rejects.toThrow(why);
  });

  test('that there is not is null, and an id without a name is somebody', async () => {
    expect(await findBuildUser('no-such-user-here')).toBeNull();
    expect(await findBuildUser(String(SPEC_UID))).toEqual({
      name: null,
      uid: SPEC_UID,
      gid: SPEC_UID,
      subordinateIds: [],
    });
  });
});
