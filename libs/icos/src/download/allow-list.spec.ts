import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublicAddress } from './address.js';
import { createAllowList } from '../index.js';

const refusal = (code: string) => expect.objectContaining({ name: 'IcosError', code }) as Error;

describe('an allow-list', () => {
  const allow = createAllowList([
    'https://download.dfinity.systems',
    'https://download.dfinity.network:443',
    'http://127.0.0.1:1234',
    'http://[::1]:80',
  ]);

  test.each([
    'https://download.dfinity.systems/ic/x/update-img.tar.zst',
    'https://download.dfinity.systems',
    'HTTPS://Download.Dfinity.Systems:443/x?y=z',
    'https://download.dfinity.network/x',
    'http://127.0.0.1:1234/x',
    'http://[::1]/x',
  ])('lets %s pass', (url) => {
    expect(allow.check(url).href).toBe(new URL(url).href);
  });

  test.each([
    ['another host', 'https://example.com/x'],
    ['a host below it', 'https://a.download.dfinity.systems/x'],
    ['a host that begins like it', 'https://download.dfinity.systems.example.com/x'],
    ['another scheme', 'http://download.dfinity.systems/x'],
    ['another port', 'https://download.dfinity.systems:8443/x'],
    ['another port of this machine', 'http://127.0.0.1:1235/x'],
    ['a file', 'file:///etc/passwd'],
    ['credentials', 'https://user:pass@download.dfinity.systems/x'],
    ['an empty user', 'https://@download.dfinity.systems/x'],
    ['a host in front of a host', 'https://download.dfinity.systems@example.com/x'],
    ['backslashes', 'https:\\\\download.dfinity.systems\\x'],
    ['a backslash before an at sign', 'https://download.dfinity.systems\\@example.com/'],
    ['a fragment', 'https://download.dfinity.systems/x#y'],
    ['a closing dot', 'https://download.dfinity.systems./x'],
    ['full-width dots', 'https://download。dfinity。systems/x'],
    ['percent signs in the host', 'https://download%2edfinity.systems/x'],
    ['a leading space', ' https://download.dfinity.systems/x'],
    ['a tab inside', 'https://download.dfinity.sys\ttems/x'],
    ['a line break inside', 'https://download.dfinity.systems/x\nHost: y'],
    ['no slashes', 'https:download.dfinity.systems/x'],
    ['the loopback address in hexadecimal', 'http://0x7f000001:1234/x'],
    ['the loopback address as a number', 'http://2130706433:1234/x'],
    ['the loopback address cut short', 'http://127.1:1234/x'],
    ['the loopback address in octal', 'http://0177.0.0.1:1234/x'],
    ['the loopback address mapped', 'http://[::ffff:127.0.0.1]:1234/x'],
    ['the loopback address written out', 'http://[0:0:0:0:0:0:0:1]:80/x'],
    ['its name', 'http://localhost:1234/x'],
    ['a port with zeros', 'http://127.0.0.1:01234/x'],
    ['too many letters', `https://download.dfinity.systems/${'x'.repeat(2000)}`],
    ['nothing', ''],
  ])('refuses %s', (_, url) => {
    expect(() => allow.check(url)).toThrow(refusal('URL_NOT_ALLOWED'));
  });

  test('refuses any text whose origin, as a browser reads it, is not on the list', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        expect(() => allow.check(url)).toThrow(refusal('URL_NOT_ALLOWED'));
      }),
    );
  });

  test.each([
    'download.dfinity.systems',
    'https://download.dfinity.systems/',
    'https://download.dfinity.systems/ic',
    'https://*.dfinity.systems',
    'https://user@download.dfinity.systems',
    'ftp://download.dfinity.systems',
    'https://-x.example.com',
    'https://a..b',
    'http://localhost:1234',
    'http://cdn.localhost',
    'http://127.1:80',
    '',
  ])('cannot have the entry %j', (entry) => {
    expect(() => createAllowList([entry])).toThrow(refusal('MALFORMED_ALLOW_LIST'));
  });
});

describe('a name on the allow-list', () => {
  const resolving = (...addresses: string[]) =>
    createAllowList(['https://cdn.example.com'], async () =>
      Promise.resolve(
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
  const look = async (all: boolean, ...addresses: string[]) =>
    new Promise((resolve, reject) => {
      resolving(...addresses).lookup('cdn.example.com', { all }, (error, address, family) => {
        if (error) reject(error);
        else resolve(family === undefined ? address : { address, family });
      });
    });

  test('leads to the very addresses that were checked', async () => {
    const [v4, v6] = [
      { address: '151.101.1.91', family: 4 },
      { address: '2a04:4e42::347', family: 6 },
    ];
    expect(await look(true, v4.address, v6.address)).toEqual([v4, v6]);
    expect(await look(false, v4.address)).toEqual(v4);
  });

  test.each([['127.0.0.1'], ['151.101.1.91', '10.0.0.1'], ['::1'], ['169.254.169.254']])(
    'that resolves to %s is refused',
    async (...addresses) => {
      await expect(look(true, ...addresses)).rejects.toThrow(refusal('PRIVATE_ADDRESS'));
    },
  );

  test('that resolves to nothing is a network fault', async () => {
    await expect(look(true)).rejects.toThrow(refusal('NETWORK'));
  });
});

describe('an address', () => {
  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '64:ff9b::808:808'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.255.0.1', '169.254.169.254', '172.31.0.1'],
    ...['192.0.2.1', '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', 'fe80::1', 'fe80::1%eth0', 'fc00::1'],
    ...['ff02::1', '2001:db8::1', '2002:7f00:1::', '2001:0:1::', '64:ff9b::7f00:1'],
    ...['64:ff9b::a00:1', '64:ff9b::', '64:ff9b:1::808:808', 'cdn.example.com', ''],
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
