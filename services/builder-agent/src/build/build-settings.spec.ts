import { expect, test } from 'vitest';
import { configBelow } from '../agent.fixture.js';
import { buildSettings } from './build-settings.js';

const config = configBelow('/var/lib/quorum', { BUILD_TMPDIR: '/scratch' });

test('a build gets home, temp folder, locale and time zone, and the system’s own path', () => {
  const base = { PATH: '/opt/evil:/bin', HOME: '/home/ada', LANG: 'en_US.UTF-8', TZ: 'Asia/Tokyo' };
  expect(buildSettings(config, base, '/scratch/one', '/scratch/home')).toEqual({
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/scratch/home',
    TMPDIR: '/scratch/one',
    LANG: 'en_US.UTF-8',
    TZ: 'Asia/Tokyo',
  });
});

test('what the agent is told, and any secret beside it, stays with the agent', () => {
  const base = {
    KEY_FILE: '/etc/quorum/key.pem',
    NATS_URL: 'nats://ada:secret@127.0.0.1',
    GITHUB_TOKEN: 'secret',
    LC_COLLATE: 'de_DE.UTF-8',
    https_proxy: 'http://ada:secret@proxy',
  };
  expect(buildSettings(config, base)).toEqual({
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/var/lib/quorum/home',
    TMPDIR: '/scratch',
    LANG: 'C.UTF-8',
  });
});
