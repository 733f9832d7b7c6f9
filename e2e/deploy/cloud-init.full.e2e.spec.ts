import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../world/project-root.js';
import { cloudConfigCheck } from './cloud-config.js';
import { readEnvironment } from './service-config.js';

const text = readFileSync(join(projectRoot(), 'deploy/cloud-init/builder.yaml'), 'utf8');
const UserData = z.looseObject({
  packages: z.array(z.string()),
  write_files: z.array(
    z.object({
      path: z.string(),
      owner: z.string(),
      permissions: z.string().regex(/^0[0-7]{3}$/),
      content: z.string(),
    }),
  ),
  runcmd: z.array(z.array(z.string())),
});
const userData = UserData.parse(parse(text));
const check = cloudConfigCheck();

describe('user data for a builder', () => {
  test.skipIf(check === null)(
    `are what cloud-init’s own schema takes${check === null ? ' (skipped: cloud-init’s schema could not be fetched)' : ''}`,
    () => {
      // Without its first line the whole file is taken for a script that nobody asked for.
      expect(text.startsWith('#cloud-config\n')).toBe(true);
      check!(parse(text));
      expect(check!.errors ?? []).toEqual([]);
      check!({ write_files: [{ content: 'no path' }] });
      expect(check!.errors).not.toEqual([]);
    },
  );

  test('run what they write, and that is a script that the shell can read', async () => {
    const files = new Map(userData.write_files.map((file) => [file.path, file]));
    for (const [program = ''] of userData.runcmd) {
      if (program.startsWith('/')) expect(files.get(program)?.permissions).toBe('0755');
    }
    for (const { content } of userData.write_files.filter(({ content }) =>
      /^#!.*sh\b/.test(content),
    )) {
      const { exitCode } = await execa('bash', ['-n'], { input: content });
      expect(exitCode).toBe(0);
    }
  });

  test('use commands of this command line with options that it has', async () => {
    const script = userData.write_files.map(({ content }) => content).join('\n');
    const main = join(projectRoot(), 'dist/services/cli/src/main.js');
    const used = [...script.matchAll(/^ *repro-quorum ((?:[a-z]+ )+)(.*?)(?: \|\| true)?$/gm)];
    expect(used.length).toBeGreaterThan(1);
    for (const [, command = '', options = ''] of used) {
      const args = [main, ...command.trim().split(' '), '--help'];
      const { stdout } = await execa(process.execPath, args);
      const names = [...options.matchAll(/--[a-z-]+/g)].map(([name]) => name);
      for (const name of names.filter((one) => one !== '--coordinator')) {
        expect([command, stdout]).toEqual([command, expect.stringContaining(name)]);
      }
    }
  });

  test('ask for nothing that is not used', () => {
    const [settings, script] = ['join.env', 'become-builder'].map(
      (name) => userData.write_files.find(({ path }) => path.endsWith(`/${name}`))!.content,
    );
    const names = Object.keys(readEnvironment(settings!));
    expect(names).toContain('COORDINATOR');
    for (const name of names) expect(script).toMatch(new RegExp(`\\$${name}\\b`));
  });

  test('name both packages as deploy/deb/build.sh does', () => {
    const build = readFileSync(join(projectRoot(), 'deploy/deb/build.sh'), 'utf8');
    const made = [...build.matchAll(/"\$out\/(\S+\.deb)"/g)].map(([, name = '']) =>
      name.replace('$arch', 'amd64').replaceAll(/\$\{[^}]+\}/g, 'NAME-IT'),
    );
    const named = [...text.matchAll(/^ *\w+_DEB=(\S+)$/gm)].map(([, name = '']) => name);
    expect(made).toHaveLength(2);
    expect(named.toSorted()).toEqual(made.toSorted());
  });
});
