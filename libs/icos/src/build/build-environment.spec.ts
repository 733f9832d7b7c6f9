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

  describe.each([
    ['a secret', ['GH_TOKEN', 'GITHUB_TOKEN', 'ACTIONS_RUNTIME_TOKEN', 'AWS_SECRET_ACCESS_KEY']],
    ['a secret', ['PGPASSWORD', 'API_KEY', 'apikey', 'SSH_AUTH_SOCK', 'REGISTRY_AUTH_FILE']],
    ['a loader', ['LD_PRELOAD', 'BASH_ENV', 'ENV', 'SHELLOPTS', 'PS4', 'BASHOPTS', 'CDPATH']],
    ['a loader', ['GIT_SSH_COMMAND', 'GIT_CONFIG_COUNT', 'PYTHONPATH', 'PERL5LIB', 'NODE_OPTIONS']],
    ['a loader', ['RUSTC_WRAPPER', 'CARGO_HOME', 'JAVA_TOOL_OPTIONS', 'SHELL_WRAPPER']],
    ['past the container', ['CI', 'CI_JOB_NAME', 'CI_JOB_URL', 'BUILD_IC_NESTED', 'ROOT_DIR']],
    ['past the container', ['DFINITY_CONTAINER', 'IN_NIX_SHELL', 'BUILD_IMG', 'DEBUG']],
    ['as another version', ['VERSION', 'IC_VERSION_RC_ONLY']],
    ['in another image', ['IMAGE', 'IMAGE_TAG', 'USHELL', 'DOCKER_RUN_ARGS_EXTRA']],
    ['with other caches', ['CACHE_DIR', 'XDG_CACHE_HOME', 'TEST_TMPDIR', 'ZIG_GLOBAL_CACHE_DIR']],
    ['with other caches', ['BAZELRC', 'BAZELISK_HOME', 'USE_BAZEL_VERSION', 'BAZEL_REMOTE_CACHE']],
    ['with another engine', ['CONTAINER_HOST', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'PODMAN_ARGS']],
    ['with another engine', ['CONTAINERS_CONF', 'XDG_CONFIG_HOME', 'HOSTUSER', 'SUDO_ASKPASS']],
    ['as a runner', ['ACTIONS_CACHE_URL', 'GITHUB_ACTIONS', 'GITLAB_CI', 'RUNNER_TEMP']],
    ['without a name', ['', 'A B', 'A=B', 'X\n', '__proto__ ', '1A', 'BASH_FUNC_git%%']],
  ])('is not led %s', (_way, names) => {
    test.each(names)('by %j', (name) => {
      for (const written of new Set([name, name.toLowerCase()])) {
        expect(() => buildEnvironment({}, { ...choice, extra: { [written]: 'x' } })).toThrow(
          expect.objectContaining({ code: 'FORBIDDEN_VARIABLE' }),
        );
      }
      expect(Object.keys(buildEnvironment({ [name]: 'x' }, choice))).not.toContain(name);
    });
  });

  test.each(['MIRROR_URL', 'CICADA', 'IMAGEMAGICK', 'SOURCE_DATE_EPOCH', 'MAKEFLAGS', 'TERM'])(
    'may have %s added',
    (name) => {
      const env = buildEnvironment({}, { ...choice, extra: { [name]: 'x' } });
      expect(env).toHaveProperty(name, 'x');
    },
  );
});
