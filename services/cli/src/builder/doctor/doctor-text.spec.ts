import { describe, expect, test } from 'vitest';
import type { MachineFinding } from '#libs/fingerprint';
import { CURRENT_ERA } from '#libs/icos';
import type { Diagnosis } from './diagnosis.js';
import { doctorText } from './doctor-text.js';

const WHY = { expected: 'enough', why: 'it matters for a reason', source: 'a/file' };
const findings: readonly MachineFinding[] = [
  { ...WHY, check: 'architecture', level: 'ok', found: 'x86_64', fix: [] },
  {
    ...{ ...WHY, check: 'memory', level: 'warning', found: 'too little' },
    fix: [
      { command: ['swapon', '/a b'], needsRoot: true, text: 'use it' },
      { command: null, needsRoot: false, text: 'add memory' },
    ],
  },
  {
    ...{ ...WHY, source: null, check: 'engine', level: 'error', found: 'none' },
    fix: [
      {
        ...{ command: null, needsRoot: true, text: 'say so' },
        file: { path: '/etc/x.conf', content: '[engine]\na = 1\n' },
      },
    ],
  },
  { ...WHY, check: 'clock', level: 'unknown', found: 'not compared', fix: [] },
];
const diagnosis: Diagnosis = {
  era: { ...CURRENT_ERA, id: 'newest', tempRules: [] },
  needs: { engine: 'podman', minimumDiskBytes: 40e9, tempBlockSizeBytes: null },
  folders: { build: '/b', cache: '/c', temp: '/t', home: '/h' },
  findings,
  jobs: 4,
  sudo: 'free',
};
const VIEW = { width: 80, color: false, isRoot: false };

describe('what the doctor found', () => {
  test('has a line for each check, and all that helps for each fault', () => {
    expect(doctorText(diagnosis, VIEW)).toBe(`builds of the era newest need podman, 40 GB free
  build    /b
  cache    /c
  temp     /t
  home     /h

✓ ok       architecture      x86_64
! warning  memory            too little
           expected enough
           why      it matters for a reason
           source   a/file
           fix      use it:
                    sudo swapon '/a b'
           fix      add memory
✗ error    engine            none
           expected enough
           why      it matters for a reason
           source   none
           fix      say so: write /etc/x.conf
                    [engine]
                    a = 1
? unknown  clock             not compared
           expected enough
           why      it matters for a reason
           source   a/file

errors 1, warnings 1, unknown 1, ok 1: no build can begin before this is mended:
engine.
--jobs 4 suits this machine: 2 GB of memory for each job, by rule of thumb.`);
  });

  test('fits a narrow terminal', () => {
    const lines = doctorText(diagnosis, { ...VIEW, width: 42 }).split('\n');
    expect(lines.filter((line) => line.length > 42)).toEqual([]);
    expect(lines).toContain('! warning  memory');
    expect(lines).toContain('  too little');
  });

  test('has colours only where they may be, and the same words', () => {
    const plain = doctorText(diagnosis, VIEW);
    const colored = doctorText(diagnosis, { ...VIEW, color: true });
    expect(plain).not.toContain('\u001b');
    expect(colored).toContain('\u001b[31m✗ error  \u001b[0m');
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  test('has no sudo for root', () => {
    expect(doctorText(diagnosis, { ...VIEW, isRoot: true })).toContain(" swapon '/a b'");
    expect(doctorText(diagnosis, { ...VIEW, isRoot: true })).not.toContain('sudo');
  });

  test('says that builds can begin, and what some commits of the era refuse', () => {
    const well = { ...diagnosis, era: CURRENT_ERA, findings: findings.slice(0, 2) };
    const text = doctorText(well, { ...VIEW, width: 200 });
    expect(text).toContain('errors 0, warnings 1, unknown 0, ok 1: builds can begin.');
    expect(text).toContain('some of its commits refuse temp blocks of other than 4096 bytes');
  });

  test('cannot be steered by a folder', () => {
    const folders = { ...diagnosis.folders, build: '/\u001b[2J\u202e' };
    expect(doctorText({ ...diagnosis, folders }, VIEW)).not.toMatch(/[\u001b\u202e]/);
  });
});
