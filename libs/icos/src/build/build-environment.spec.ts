import { describe, expect, test } from 'vitest';
import { buildEnvironment } from '../index.js';

const choice = { home: '/home/build', tmpDir: '/tmp/build' };

describe("a build's environment", () => {
  test('has what a build needs, and nothing of the agent that is not on the list', () => {
    const base = {
      ...{ PATH: '/agent/bin', HOME: '/root', TMPDIR: '/agent/tmp', USER: 'builder' },
      ...{ GITHUB_TOKEN: 't', SIGNING_KEY_FILE: 'k', DATABASE_URL: 'd', NATS_URL: 'n' },
      ...{ LD_PRELOAD: 'x', BASH_ENV: 'x', GIT_DIR: 'x', CI_JOB_NAME: 'x', NODE_OPTIONS: 'x' },
      ...{ XDG_RUNTIME_DIR: '/run/user/1000', http_proxy: 'http://proxy:3128' },
    };
    expect(buildEnvironment(base, choice)).toEqual({
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/home/build',
      TMPDIR: '/tmp/build',
      LANG: 'C.UTF-8',
      USER: 'builder',
      XDG_RUNTIME_DIR: '/run/user/1000',
      http_proxy: 'http://proxy:3128',
    });
  });

  test('does not have a proxy that carries a password', () => {
    const base = { https_proxy: 'http://user:pass@proxy:3128' };
    expect(buildEnvironment(base, choice)).not.toHaveProperty('https_proxy');
  });

  test('has what the operator adds, but never in place of its own folders', () => {
    const extra = { MIRROR: 'http://127.0.0.1:1', HOME: '/elsewhere' };
    const env = buildEnvironment({}, { ...choice, lang: 'de_DE.UTF-8', timezone: 'UTC', extra });
    expect(env).toMatchObject({ MIRROR: 'http://127.0.0.1:1', HOME: '/home/build' });
    expect(env).toMatchObject({ LANG: 'de_DE.UTF-8', TZ: 'UTC' });
  });

  test.each([
    ...['GH_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'PGPASSWORD', 'API_KEY', 'apikey', 'SSH_AUTH_SOCK'],
    ...['LD_PRELOAD', 'BASH_ENV', 'GIT_SSH_COMMAND', 'CI_JOB_NAME', 'BUILD_IC_NESTED'],
    ...['', 'A B', 'A=B', 'X\n', '__proto__ '],
  ])('cannot have %j added', (name) => {
    expect(() => buildEnvironment({}, { ...choice, extra: { [name]: 'x' } })).toThrow(
      expect.objectContaining({ code: 'FORBIDDEN_VARIABLE' }),
    );
  });
});
