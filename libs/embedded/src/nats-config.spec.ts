import { describe, expect, test } from 'vitest';
import { canSyncAlways, parseNatsVersion, renderNatsConfig } from './nats-config.js';

const config = {
  storeDir: '/data/a "quoted" store',
  portsDir: '/data/ports',
  host: '127.0.0.1',
  port: undefined,
  websocketPort: undefined,
  tls: undefined,
  syncAlways: false,
  extra: '',
};

describe('the configuration of nats-server', () => {
  test('listens on this machine alone, on ports of the server’s choice', () => {
    expect(renderNatsConfig(config)).toBe(
      [
        'listen: "127.0.0.1:-1"',
        'http: "127.0.0.1:-1"',
        'ports_file_dir: "/data/ports"',
        'jetstream {',
        '  store_dir: "/data/a \\"quoted\\" store"',
        '}',
        '',
      ].join('\n'),
    );
  });

  test('takes WebSockets in clear from this machine alone, and others over TLS', () => {
    const text = renderNatsConfig({
      ...config,
      host: '::',
      websocketPort: null,
      tls: { certFile: '/tls/a "b".pem', keyFile: '/tls/key.pem' },
    });
    expect(text).toContain('listen: "[::]:-1"\n');
    expect(text).toContain('websocket { listen: "127.0.0.1:-1", no_tls: true }\n');
    expect(text).toContain(
      'tls {\n  cert_file: "/tls/a \\"b\\".pem"\n  key_file: "/tls/key.pem"\n}\n',
    );
    expect(renderNatsConfig({ ...config, websocketPort: 9222 })).toContain(
      '"127.0.0.1:9222", no_tls',
    );
  });

  test.each([0, undefined])('takes a free port where it is told %s', (port) => {
    expect(renderNatsConfig({ ...config, port })).toContain('listen: "127.0.0.1:-1"');
  });

  test('writes through only when told to, and takes a port and further lines', () => {
    const text = renderNatsConfig({
      ...config,
      port: 4222,
      syncAlways: true,
      extra: 'debug: true\n',
    });
    expect(text).toContain('listen: "127.0.0.1:4222"');
    expect(text).toContain('  sync_interval: always\n}');
    expect(text.endsWith('}\ndebug: true\n')).toBe(true);
  });
});

describe('the version of nats-server', () => {
  test.each([
    ['nats-server: v2.9.10', '2.9.10'],
    ['nats-server: v2.14.3\n', '2.14.3'],
    ['nats-server: v2.15.0-dev', '2.15.0'],
    ['something else', undefined],
  ])('%j is %j', (printed, version) => {
    expect(parseNatsVersion(printed)).toBe(version);
  });

  test.each([
    ['2.9.10', false],
    ['2.10.0', true],
    ['2.14.3', true],
    ['3.0.0', true],
    ['1.99.0', false],
  ])('%s can write through: %s', (version, can) => {
    expect(canSyncAlways(version)).toBe(can);
  });
});
