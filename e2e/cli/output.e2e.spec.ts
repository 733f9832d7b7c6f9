import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entry } from '../stack/entry.js';
import { Folder } from './folder.js';
import { built, digest, failed, maker, releaseOf, rosterOf } from './makers.js';

const ARGS = ['tally', '--release', 'release.json', '--roster', 'roster.json', '--threshold', '2'];

let folder: Folder;
beforeAll(async () => {
  folder = await Folder.make();
  const release = releaseOf({ guest: 'A', host: null });
  const operators = { ann: ['a'], ben: ['b'], cem: ['c'], dan: ['d'] };
  await folder.write('release.json', release);
  await folder.write('roster.json', rosterOf(operators));
  await folder.write('a.json', built('a', release, { guest: 'A', host: 'B' }));
  await folder.write('b.json', built('b', release, { guest: 'A' }));
  await folder.write('b2.json', built('b', release, { guest: 'X' }));
  await folder.write('c.json', failed('c', release, 'out-of-space'));
  await folder.write('x.json', built('stranger', release, { guest: 'A' }));
});
afterAll(async () => {
  await folder.remove();
});

describe.concurrent('what is printed', () => {
  test('tells people what the verdict rests on; remarks go to stderr', async () => {
    const files = ['a.json', 'b.json', 'b2.json', 'c.json', 'x.json'];
    const args = [...ARGS.slice(0, -1), '3'];
    const { stdout, stderr } = await folder.run([...args, ...files]);
    const short = (bytes: string): string => digest(bytes).slice(0, 12);
    const [b, c, d] = ['b', 'c', 'd'].map((name) => maker(name).id);
    const said = [short('A'), short('X')].toSorted().map((bytes) => `${b} says ${bytes}`);
    expect(stdout).toBe(`ic/0123456789012345678901234567890123456789: 3 of 4 operators have to agree

  insufficient       guest
    expected ${short('A')}
    A ${short('A')}  ann  (expected)
    ben contradicts itself, and counts for none: ${said.join(', ')}
    cem failed: out-of-space in build, builder ${c}
    dan says nothing, builder ${d}

  insufficient       host  (advisory, expected-unknown)
    expected unknown
    A ${short('B')}  ann
    cem failed: out-of-space in build, builder ${c}
    ben says nothing, builder ${b}
    dan says nothing, builder ${d}
`);
    expect(stderr.split('\n')).toEqual([
      `repro-quorum: x.json:1: builder ${maker('stranger').id} is not on the roster; not counted`,
      'repro-quorum: nothing is known of attestations that are not among these files',
      '',
    ]);
  });

  test('--json may stand anywhere', async () => {
    const [before, after] = await Promise.all([
      folder.run(['--json', ...ARGS.slice(0, -1), '3', 'a.json']),
      folder.run([...ARGS.slice(0, -1), '3', 'a.json', '--json']),
    ]);
    expect(before.stdout).toBe(after.stdout);
    expect(JSON.parse(before.stdout)).toMatchObject({ needed: 3, eligible: 4 });
  });

  test('has no colours where it is not a terminal', async () => {
    const { stdout, stderr } = await folder.run([...ARGS.slice(0, -1), '3', 'a.json'], {
      TERM: 'xterm-256color',
      FORCE_COLOR: '1',
    });
    expect(stdout + stderr).not.toContain('\u001b');
  });

  test('hostile text in a message cannot steer the terminal', async () => {
    const { exitCode, stderr } = await folder.run([
      ...ARGS.slice(0, -1),
      '3',
      '\u001b[2J\u202e.json',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).not.toMatch(/[\u001b\u202e]/);
  });

  test.each<[what: string, into: string, exitCode: number, said: RegExp]>([
    ['a reader that leaves early does not change the exit code', '| true', 3, /^(?!.*EPIPE)/s],
    ['nor does one of the remarks', '2>&1 >/dev/null | true', 3, /^$/],
    ['nor do remarks that a full disk does not take', '2>/dev/full', 3, /^$/],
    [
      'a verdict that a full disk does not take is no mismatch',
      '>/dev/full',
      2,
      /repro-quorum: cannot write to stdout: no space is left\n?$/,
    ],
  ])('%s', async (_what, into, expected, said) => {
    const script = `"$0" "$1" tally --release release.json --roster roster.json --threshold 3 \
      --json a.json x.json ${into}; exit "\${PIPESTATUS[0]}"`;
    const { exitCode, stderr } = await execa(
      'bash',
      ['-c', script, process.execPath, entry('cli')],
      {
        cwd: folder.path,
        reject: false,
      },
    );
    expect([exitCode, stderr]).toEqual([expected, expect.stringMatching(said)]);
  });
});

describe.concurrent('help', () => {
  test.each<[command: string, says: string]>([
    ['', 'Exit codes: 0 reproduced'],
    ['attest', 'openssl genpkey -algorithm ed25519'],
    ['tally', 'more than half'],
    ['explain', 'https://repro-quorum.dev/docs/explain'],
    ['round', 'open, follow, amend and close rounds'],
    ['round open', '--coordinator <url>'],
    ['round list', '--limit <n>'],
    ['round show', 'for `attest --round`'],
    ['round watch', '--coordinator <url>'],
    ['round cancel', '--token-file <file>'],
    ['verify', '2 wrong usage'],
    ['round close', '--coordinator <url>'],
    ['report', 'post.md'],
    ['completion', 'source <(repro-quorum completion bash)'],
    ['builder', 'init'],
    ['builder init', '--key <file>'],
    ['builder enroll', '--witness-key <file>'],
    ['builder rotate', '--old-public <key>'],
    ['builder status', '--coordinator <url>'],
    ['builder approve', '--token-file <file>'],
    ['builder withdraw', '--token-file <file>'],
    ['builder drain', '--operator-key <file>'],
    ['builder revoke', '--reason <reason>'],
    ['builder run', 'environment variables'],
    ['operator', 'https://repro-quorum.dev/docs/keys'],
    ['operator init', '--out <dir>'],
    ['operator sign', '--operator-key <file>'],
    ['coordinator run', 'environment variables'],
  ])('of `%s` fits a screen and goes to stdout', async (command, says) => {
    const args = command === '' ? [] : command.split(' ');
    const { exitCode, stdout, stderr } = await folder.run([...args, '--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(says);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  test('of `check` sends to the page about it', async () => {
    const { exitCode, stdout } = await folder.run(['check', '--help']);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/\/docs\/check\n?$/)]);
  });

  test.each<[args: string[]]>([
    [['attest']],
    [['tally']],
    [['builder', 'rotate']],
    [['operator', 'init']],
    [['operator', 'sign']],
  ])('of a command on files names no coordinator: %s', async (args) => {
    const { stdout } = await folder.run([...args, '--help']);
    expect(stdout).toContain('--json');
    expect(stdout).not.toContain('--coordinator');
  });

  test.each<[args: string[], said: string]>([
    [[], 'Usage: repro-quorum'],
    [['talli'], 'Did you mean tally?'],
    [['round'], 'Usage: repro-quorum round'],
    [['round', 'open'], 'name a proposal, a commit or an experiment'],
    [
      ['round', 'open', '1', '--commit', '0'.repeat(40)],
      'name a proposal, a commit or an experiment',
    ],
    [['round', 'open', 'abc'], '"abc" is not a proposal number'],
    [['round', 'open', '-c', 'HEAD'], 'NOT_A_COMMIT: "HEAD"'],
    [['round', 'open', '1', '--deadline', 'soon'], '--deadline takes a whole number'],
    [['round', 'open', '1', '--builders', 'a,,b'], '"" is not a builder id'],
    [['round', 'open', '1', '--threshold', 'all'], 'BAD_THRESHOLD'],
    [['round', 'list', '--limit', '0'], '--limit takes a whole number from 1 to 100'],
    [['report', '1', '--format', 'pdf'], 'Allowed choices are text, md, html, json'],
    [['report', '1', '--member', 'alice'], '--member goes with --format post or chat'],
    [['watch'], 'did you mean `repro-quorum round watch`?'],
    [['completion', 'tcsh'], 'Allowed choices are bash, zsh, fish'],
    [['report', '1', '--coordinator', 'localhost'], '"localhost" is not the address'],
  ])('%j is answered by what to do', async (args, said) => {
    const { exitCode, stdout, stderr } = await folder.run(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });

  test('--version is a version', async () => {
    expect(await folder.run(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.1.0\n' });
  });
});
