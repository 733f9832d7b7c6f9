import { once } from 'node:events';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERAS } from '#libs/icos';
import { entry } from '../stack/entry.js';
import type { Ended } from './command-line.js';
import { Folder } from './folder.js';

interface Step {
  readonly command: readonly string[] | null;
  readonly needsRoot: boolean;
  readonly text: string;
}
interface Finding {
  readonly check: string;
  readonly level: string;
  readonly found: string;
  readonly expected: string;
  readonly why: string;
  readonly source: string | null;
  readonly fix: readonly Step[];
}
interface Printed {
  readonly era: string;
  readonly isUsable: boolean;
  readonly jobs: number;
  readonly findings: readonly Finding[];
  readonly steps?: readonly { check: string; outcome: string }[];
}

const MIB = 1024 ** 2;
const DOCTOR = ['builder', 'doctor'];
/** Without a container engine, and with room for little: any machine will do. */
const EASY = { engine: null, minimumDiskBytes: 32 * MIB };

let all: Folder;
beforeAll(async () => {
  all = await Folder.make();
});
afterAll(async () => {
  await all.remove();
});

async function begun(name: string): Promise<Folder> {
  const folder = await all.inner(name);
  await mkdir(join(folder.path, 'home'));
  await folder.write('eras.json', { eras: ERAS.map((era) => ({ ...era, ...EASY })) });
  return folder;
}

/** Runs the doctor on folders of its own; nothing of whoever runs the tests is looked at. */
async function doctor(
  folder: Folder,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return folder.run([...DOCTOR, ...args], environmentOf(folder, env));
}

function environmentOf(folder: Folder, env: Readonly<Record<string, string>> = {}) {
  return {
    ...{ HOME: join(folder.path, 'home'), CACHE_DIR: join(folder.path, 'cache') },
    ...{ REPRO_QUORUM_ERAS: join(folder.path, 'eras.json') },
    ...env,
  };
}

const printed = ({ stdout }: Ended): Printed => JSON.parse(stdout) as Printed;
const levelOf = (ended: Ended, check: string): string | undefined =>
  printed(ended).findings.find((finding) => finding.check === check)?.level;

describe.concurrent('this machine', () => {
  test('is judged in JSON, each fault with its reason and what to do', async () => {
    const folder = await begun('json');
    const ended = await doctor(folder, ['--json']);
    const { era, findings, isUsable, jobs } = printed(ended);
    expect([era, jobs >= 1, findings.length > 20]).toEqual(['attested-sums', true, true]);
    const errors = findings.filter(({ level }) => level === 'error').map(({ check }) => check);
    expect([isUsable, ended.exitCode]).toEqual([errors.length === 0, errors.length === 0 ? 0 : 2]);
    for (const { check, level, why, expected, fix } of findings) {
      expect([check, why !== '', expected !== '']).toEqual([check, true, true]);
      expect(['ok', 'warning', 'error', 'unknown']).toContain(level);
      if (level === 'warning' || level === 'error') expect(fix.length).toBeGreaterThan(0);
    }
    expect(errors.filter((check) => check !== 'architecture')).toEqual([]);
    expect(levelOf(ended, 'clock')).toBe('unknown');
    expect(await folder.names()).toEqual(['eras.json', 'home']);
  });

  test('is shown to people, in words beside the marks and within the width', async () => {
    const folder = await begun('text');
    const { stdout, stderr } = await doctor(folder, [], { FORCE_COLOR: '1' });
    expect(stdout).toMatch(/^✓ ok {7}architecture|^✗ error {4}architecture/m);
    expect(stdout).toMatch(/^\? unknown {2}clock/m);
    expect(stdout).toContain('--jobs ');
    expect(stdout + stderr).not.toContain('\u001b');
    const words = stdout.split('\n').filter((line) => line.length > 100);
    expect(words.filter((line) => !line.includes(folder.path))).toEqual([]);
  });

  test('needs what the era of the commit needs', async () => {
    const folder = await begun('era');
    const missing = ['docker', 'podman'].map((engine) => ({ ...ERAS[0], id: engine, engine }));
    await folder.write('engines.json', { eras: missing });
    const has = async (engine: string) =>
      execa(engine, ['--version'], { reject: false }).then(({ code }) => code !== 'ENOENT');
    for (const engine of ['docker', 'podman']) {
      const args = ['--json', '--eras', 'engines.json', '--commit-era', engine, '--only', 'engine'];
      const ended = await doctor(folder, args);
      const isThere = await has(engine);
      expect([levelOf(ended, 'engine'), ended.exitCode]).toEqual(
        isThere ? ['ok', 0] : ['error', 2],
      );
    }
  });
});

describe.concurrent('what ends a build before it starts', () => {
  test('a disk smaller than the era asks for', async (context) => {
    if (process.getuid?.() !== 0) context.skip('mounting a filesystem needs root');
    const folder = await begun('tiny');
    const tiny = join(folder.path, 'tiny');
    await mkdir(tiny);
    const mount = ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', tiny];
    const mounted = await execa('mount', mount, { reject: false });
    if (mounted.failed) context.skip(`no mount here: ${mounted.shortMessage ?? ''}`);
    context.onTestFinished(async () => {
      await execa('umount', [tiny]);
    });
    for (const [option, check] of [
      ['--build-dir', 'build-disk'],
      ['--cache-dir', 'cache-disk'],
    ] as const) {
      const ended = await doctor(folder, ['--json', option, 'tiny/below']);
      expect([ended.exitCode, levelOf(ended, check)]).toEqual([2, 'error']);
      const finding = printed(ended).findings.find((row) => row.check === check);
      expect(finding?.found).toMatch(/^0 GB free of 0 GB$/);
    }
  });

  test('a folder that cannot be made', async () => {
    const folder = await begun('file');
    await folder.write('file', '');
    const ended = await doctor(folder, ['--json', '--temp-dir', 'file/below']);
    expect([ended.exitCode, levelOf(ended, 'temp-folder')]).toEqual([2, 'error']);
  });
});

describe.concurrent('--fix', () => {
  const CONF = 'home/.container-run.conf';
  const ONLY = ['--fix', '--json', '--only', 'run-conf'];

  test('without a terminal shows and changes nothing', async () => {
    const folder = await begun('fix-shown');
    await folder.write(CONF, 'PODMAN_RUN_USR_ARGS=()\n');
    const ended = await doctor(folder, ['--fix', '--json']);
    expect(levelOf(ended, 'run-conf')).toBe('warning');
    expect(ended.exitCode).toBe(printed(ended).isUsable ? 0 : 2);
    expect(printed(ended).steps?.filter(({ outcome }) => outcome !== 'shown')).toEqual([]);
    expect(ended.stderr).toContain('nothing was changed: there is no terminal');
    expect(ended.stderr).toContain('mv --no-clobber -- ');
    expect(await folder.read(CONF)).toBe('PODMAN_RUN_USR_ARGS=()\n');
  });

  test('with --yes applies what it shows, and looks again', async () => {
    const folder = await begun('fix-yes');
    await folder.write(CONF, 'x\n');
    const ended = await doctor(folder, [...ONLY, '--yes']);
    expect([ended.exitCode, levelOf(ended, 'run-conf')]).toEqual([0, 'ok']);
    expect(printed(ended).steps).toMatchObject([{ check: 'run-conf', outcome: 'applied' }]);
    expect([folder.has(CONF), await folder.read(`${CONF}.aside`)]).toEqual([false, 'x\n']);
  });

  test.for([
    ['n', 'declined', true],
    ['yes', 'applied', false],
  ] as const)('on a terminal asks, and %s is %s', async ([answer, outcome, isThere], context) => {
    const folder = await begun(`ask-${answer}`);
    await folder.write(CONF, 'x\n');
    const line = [process.execPath, entry('cli'), ...DOCTOR, ...ONLY].map((word) => `'${word}'`);
    const terminal = execa('script', ['-qec', line.join(' '), '/dev/null'], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'] ?? '', ...environmentOf(folder) },
      extendEnv: false,
      reject: false,
      timeout: 60_000,
    });
    // Answered once it asks: what is typed before would be seen, but nobody does that.
    let text = '';
    terminal.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('apply it?') && !terminal.stdin.writableEnded) {
        terminal.stdin.end(`${answer}\n`);
      }
    });
    const { code } = await terminal;
    if (code === 'ENOENT') context.skip('script (util-linux) is not installed');
    expect(text).toContain(`"outcome": "${outcome}"`);
    expect(folder.has(CONF)).toBe(isThere);
  });
});

describe.concurrent('hosts', () => {
  test('are asked for the time with --online only', async (context) => {
    const folder = await begun('online');
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.setHeader('date', new Date(Date.now() - 300_000).toUTCString());
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    context.onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const hosts = { REPRO_QUORUM_CDN_SYSTEMS: url, REPRO_QUORUM_CDN_NETWORK: url };
    const offline = await doctor(folder, ['--json', '--only', 'clock'], hosts);
    expect([asked, levelOf(offline, 'clock')]).toEqual([0, 'unknown']);
    const online = await doctor(folder, ['--json', '--only', 'clock', '--online'], hosts);
    expect([asked, levelOf(online, 'clock')]).toEqual([2, 'warning']);
    expect(printed(online).findings[0]?.found).toMatch(/^(29\d|30\d) s ahead$/);
  });
});

describe.concurrent('wrong usage', () => {
  test.for<readonly [args: string[], said: string]>([
    [['--era', 'stone-age'], '"stone-age" is no era of the table: it has attested-sums'],
    [['--eras', 'nothing.json'], 'MALFORMED_ERAS'],
    [['--yes'], '--yes agrees to what --fix would ask'],
    [['--only', 'luck'], '"luck" is no check'],
  ])('%j is refused', async ([args, said]) => {
    const folder = await begun(`usage${args.join('')}`);
    const { exitCode, stdout, stderr } = await doctor(folder, args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
  });

  test('help fits a screen', async () => {
    const folder = await begun('help');
    const { exitCode, stdout } = await doctor(folder, ['--help']);
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(stdout).toContain('https://repro-quorum.dev/docs/doctor');
  });
});

test('where the agent builds is judged, when its variables are set', async () => {
  const folder = await begun('agent');
  await writeFile(join(folder.path, 'file'), '');
  const ended = await doctor(folder, ['--json', '--only', 'build-folder'], {
    BUILD_DIR: join(folder.path, 'file'),
  });
  expect([ended.exitCode, levelOf(ended, 'build-folder')]).toEqual([2, 'error']);
  expect((await stat(join(folder.path, 'file'))).isFile()).toBe(true);
});
