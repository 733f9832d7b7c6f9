import { describe, expect, test } from 'vitest';
import type { Attributes } from '#libs/manifest';
import { fileAt } from '../../classes/excerpt.fixture.js';
import { conclude } from '../../conclusion/conclude.js';
import type { Difference, Finding } from '../../difference.js';
import type { FactValue } from '../../explanation.js';

type Values = readonly [left: FactValue, right: FactValue];
type Sides = readonly [left: Attributes | null, right: Attributes | null];

/** What five builders are told of one finding, where these facts part them. */
function causesOf(
  kind: Finding['class'],
  difference: Partial<Difference>,
  facts: Readonly<Record<string, Values>> = {},
  more: Partial<Finding> = {},
): readonly string[] {
  const observations = [0, 0, 0, 1, 1].map((side, index) => ({
    builder: `builder-${index}`,
    cluster: side === 0 ? 'L' : 'R',
    facts: Object.fromEntries(
      Object.entries(facts).map(([name, values]) => [name, values[side] ?? null]),
    ),
  }));
  const finding: Finding = {
    ...{ difference: fileAt('x', difference), class: kind, detail: 'x', seenFacts: [], ...more },
  };
  const comparisons = [{ left: 'L', right: 'R', findings: [finding] }];
  return conclude({ observations, separators: [], comparisons }).suspicions.map(
    ({ cause }) => cause,
  );
}

const umasks = (...values: Values) => ({ 'user.umask': values });
const uids = (...values: Values) => ({ 'user.uid': values });

describe('modes', () => {
  const told = (left: string, right: string, facts = {}): readonly string[] =>
    causesOf(
      'mode-owner',
      { aspects: ['mode'], left: { mode: left }, right: { mode: right } },
      facts,
    );

  test.for<[string, string, Values]>([
    ['0644', '0600', ['0022', '0077']],
    ['0755', '0700', ['022', '077']],
    ['0640', '0660', ['0027', '0007']],
    ['0644', '0664', ['0022', null]],
    ['0644', '0600', [null, null]],
  ])('%s and %s are a umask’s where umasks are %j', ([left, right, values]) => {
    expect(told(left, right, umasks(...values))).toEqual(['umask-mode']);
  });

  test.for<[string, string, Values]>([
    ['0755', '4755', [null, null]],
    ['0755', '4755', ['0022', '0002']],
    ['0755', '2755', ['0022', '0077']],
    ['0644', '0755', [null, null]],
    ['0644', '0600', ['0022', '0027']],
    ['0644', '0666', ['0022', '0002']],
    ['0664', '0600', ['0022', '0077']],
    ['0777', '0755', ['0022', null]],
  ])('%s and %s are none where umasks are %j', ([left, right, values]) => {
    expect(told(left, right, umasks(...values))).toEqual([]);
  });
});

describe('owners', () => {
  const told = ([left, right]: Sides, facts = {}): readonly string[] =>
    causesOf('mode-owner', { aspects: ['owner'], left, right }, facts);

  test('are the builders’ where the ids that they told stand there', () => {
    expect(told([{ uid: 0 }, { uid: 1000 }], uids(0, 1000))).toEqual(['uid-owner']);
    expect(told([{ uid: 1001 }, { uid: 1000 }], uids(1001, null))).toEqual(['uid-owner']);
    expect(
      told(
        [
          { uid: 0, gid: 0 },
          { uid: 1000, gid: 1000 },
        ],
        uids(0, 1000),
      ),
    ).toEqual(['uid-owner']);
  });

  test('are nobody’s where other ids do, or only what was told of root', () => {
    expect(told([{ uid: 0 }, { uid: 33 }], uids(1001, 1000))).toEqual([]);
    expect(told([{ uid: 0 }, { uid: 33 }], uids(0, null))).toEqual([]);
    expect(told([{ uid: 0 }, { uid: 1000 }])).toEqual([]);
    expect(told([{ uid: 1000 }, { uid: 0 }], uids(0, 1000))).toEqual([]);
  });

  test('are not the builders’ where a group is another’s', () => {
    expect(told([{ gid: 0 }, { gid: 27 }], uids(0, 1000))).toEqual([]);
    expect(
      told(
        [
          { uid: 0, gid: 0 },
          { uid: 1000, gid: 27 },
        ],
        uids(0, 1000),
      ),
    ).toEqual([]);
  });
});

describe('extended attributes', () => {
  const told = (...[left, right]: Sides): readonly string[] =>
    causesOf('xattr', { aspects: ['xattr'], left, right });
  const label = (text: string): Attributes => ({ 'xattr.security.selinux': text });

  test('are the system’s where labels tell another user or place', () => {
    expect(told(label('root:object_r:bin_t:s0'), label('user_u:object_r:bin_t:s0'))).toEqual([
      'xattr',
    ]);
    expect(told({}, label('unconfined_u:object_r:user_home_t:s0'))).toEqual(['xattr']);
    expect(told({ 'xattr.trusted.overlay.opaque': 'y' }, {})).toEqual(['xattr']);
  });

  test('are not where they give rights, or nobody knows what they do', () => {
    const capability = { 'xattr.security.capability': 'cap_setuid+ep' };
    expect(told({}, capability)).toEqual([]);
    expect(
      told(label('root:object_r:bin_t:s0'), { ...label('u:object_r:bin_t:s0'), ...capability }),
    ).toEqual([]);
    expect(told({}, { 'xattr.system.posix_acl_access': 'x' })).toEqual([]);
    expect(told(label('root:object_r:bin_t:s0'), label('root:object_r:init_exec_t:s0'))).toEqual(
      [],
    );
    expect(told({}, label('root:object_r:sudo_exec_t:s0'))).toEqual([]);
  });
});

describe('a thing that is only in one', () => {
  const told = (path: string, mode = '0644', kind: Difference['kind'] = 'file') =>
    causesOf('only-in-one', {
      ...{ location: ['', '', 'root.img', path], kind, aspects: ['presence'] },
      ...{ left: null, right: { mode, size: 1 } },
    });

  test.for([
    'opt/ic/share/.lock',
    'etc/.pwd.lock',
    'run/lock',
    'var/lib/dpkg/lock-frontend',
    'var/lib/apt/lists/lock',
    'var/cache/debconf/lock',
    'var/log/dpkg.log',
    'var/log/apt/history.log.1.gz',
    'var/cache/ldconfig/aux-cache',
    'var/cache/apt/pkgcache.bin',
    'var/lib/apt/lists/archive.ubuntu.com_ubuntu_dists_jammy_InRelease',
    'tmp/tmp.X1b2C3d4E5',
    'etc/passwd~',
  ])('was left behind where it is %s', (path) => {
    expect(told(path)).toEqual(['extra-file']);
  });

  test.for([
    ['usr/sbin/backdoor', '4755'],
    ['usr/sbin/backdoor', '0644'],
    ['opt/ic/share/.lock', '0755'],
    ['var/log/a.log', '4644'],
    ['var/log/evil.so', '0644'],
    ['var/cache/apt/evil.so', '0644'],
    ['etc/systemd/system/x.service', '0644'],
    ['etc/cron.d/log', '0644'],
    ['etc/cron.d/lock', '0644'],
    ['etc/cron.d/x.lock', '0644'],
    ['etc/sudoers.d/lock', '0440'],
    ['etc/apt/apt.conf.d/lock', '0644'],
    ['etc/network/if-up.d/x~', '0644'],
    ['etc/lock', '0644'],
    ['root/.ssh/authorized_keys', '0600'],
    ['tmp/x.sh', '0644'],
  ] as const)('was not where it is %s with mode %s', ([path, mode]) => {
    expect(told(path, mode)).toEqual([]);
  });

  test('was not left behind where it is a directory of a bare name among modules', () => {
    expect(told('usr/lib/python3/dist-packages/lock', '0755', 'directory')).toEqual([]);
    expect(told('run/lock', '0755', 'directory')).toEqual(['extra-file']);
  });

  test('is bytecode by its name, and another thing for what it is', () => {
    expect(told('usr/lib/python3/__pycache__', '0755', 'directory')).toEqual(['bytecode-cache']);
    expect(told('usr/lib/python3/a.pyc')).toEqual([]);
    expect(told('usr/lib/__pycache__/a.pyc', '0644', 'symlink')).toEqual([]);
  });
});

describe('the version in an image', () => {
  const COMMIT = 'bcac7ca3862fd8409d56d9dcda919a5f25acbbd4';
  const ZEROS = '0'.repeat(40);
  const told = (left: string, right: string, facts = {}, path = 'VERSION.TXT') =>
    causesOf('embedded-hash', { location: ['', '', path] }, facts, {
      detail: `a digest: "${left}" on the left, "${right}" on the right`,
    });

  test('tells of branches that were missing, on the side that had not all of the source', () => {
    const shallow = (...values: Values) => ({ 'source.shallow': values });
    expect(told(COMMIT, ZEROS, shallow(false, true))).toEqual(['shallow-source']);
    expect(told(ZEROS, COMMIT, {}, 'opt/ic/share/version.txt')).toEqual(['shallow-source']);
    expect(told(COMMIT, ZEROS, shallow(true, false))).toEqual([]);
    expect(told(COMMIT, ZEROS, shallow('false', 'true'))).toEqual(['shallow-source']);
    expect(told(COMMIT, ZEROS, {}, 'etc/trusted_key')).toEqual([]);
  });

  test('tells of a checkout with changes, on the side that says so', () => {
    const clean = (...values: Values) => ({ 'source.clean': values });
    expect(told(COMMIT, `${COMMIT}-dirty`, clean(true, false))).toEqual(['dirty-tree']);
    expect(told(COMMIT, `${COMMIT}-dirty`, clean(false, true))).toEqual([]);
    expect(told(COMMIT, `${COMMIT}-dirty`, clean('true', 'false'))).toEqual(['dirty-tree']);
    expect(told(COMMIT, `${'1'.repeat(40)}-dirty`)).toEqual([]);
  });

  test('tells of an image of another release', () => {
    expect(told(COMMIT, '1'.repeat(40))).toEqual(['stale-download']);
    expect(told(COMMIT, '1'.repeat(64))).toEqual([]);
  });

  test('is read where it is all that differs in its file', () => {
    const diff = `--- left\n+++ right\n@@ -1,2 +1,2 @@\n-${COMMIT}\n-a\n+${ZEROS}\n+b\n`;
    const difference = { location: ['', '', 'VERSION.TXT'] };
    expect(causesOf('unknown', difference, {}, { diff })).toEqual([]);
    const detail = `"${COMMIT}" on the left, "${ZEROS}" on the right`;
    const begun = `--- left\n+++ right\n@@ -1,1 +1,1 @@\n-${COMMIT}\n+${ZEROS}\n`;
    expect(causesOf('unknown', difference, {}, { detail, diff: begun })).toEqual([
      'shallow-source',
    ]);
    const more = `${begun}… more that differs lies further on\n`;
    expect(causesOf('unknown', difference, {}, { detail, diff: more })).toEqual([]);
    // Of what is no text the detail tells the first place alone.
    const bytes = { offset: 0, left: '00', right: '01' };
    expect(causesOf('unknown', difference, {}, { detail, bytes })).toEqual([]);
  });
});

describe('features of a filesystem', () => {
  const tools = { 'container.image-digest': ['sha256:1', 'sha256:2'] } as const;
  const told = (left: string, right: string): readonly string[] =>
    causesOf(
      'filesystem-header',
      { kind: 'ext4', aspects: ['header'], left: { features: left }, right: { features: right } },
      tools,
    );

  test('are its tool’s where one has more of them', () => {
    expect(told('has_journal extent', 'has_journal extent orphan_file')).toEqual([
      'filesystem-tool',
    ]);
  });

  test('are not its tool’s where a mount has yet to write, or nobody can read whether it has', () => {
    expect(told('has_journal', 'has_journal needs_recovery')).toEqual([]);
    expect(told('has_journal orphan_present', 'has_journal')).toEqual([]);
    expect(told('has_journal', `sha256:${'a'.repeat(64)}`)).toEqual([]);
  });
});
