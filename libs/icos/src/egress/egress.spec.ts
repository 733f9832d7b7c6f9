import { afterEach, describe, expect, test } from 'vitest';
import { egressOf, gitEgress, proxyAgentFor, setEgress } from './egress.js';
import { bypassesProxy } from './no-proxy.js';

afterEach(() => {
  setEgress(egressOf({}, null));
});

const GIT = new URL('https://github.com/dfinity/ic.git');

describe('a proxy', () => {
  test('is read as curl and git read it, in lower case first', () => {
    expect(
      egressOf({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2', HTTP_PROXY: '' }, null),
    ).toEqual({ httpsProxy: 'http://b:2', httpProxy: null, noProxy: '', caBundleFile: null });
  });

  test('is used for its own scheme alone, and for none without one', () => {
    expect(proxyAgentFor(GIT)).toBeNull();
    setEgress(egressOf({ HTTPS_PROXY: 'http://a:1' }, null));
    expect(proxyAgentFor(GIT)).not.toBeNull();
    expect(proxyAgentFor(new URL('http://github.com/'))).toBeNull();
  });

  test('is told to git, and so is where its authorities are', () => {
    setEgress(egressOf({ https_proxy: 'http://a:1', no_proxy: 'x.org' }, '/state/ca.pem'));
    expect(gitEgress()).toEqual({
      ...{ https_proxy: 'http://a:1', no_proxy: 'x.org', GIT_SSL_CAINFO: '/state/ca.pem' },
    });
  });
});

test.each([
  ['https://example.org/', '', false],
  ['https://example.org/', '*', true],
  ['https://example.org/', 'example.org', true],
  ['https://git.example.org/', 'example.org', true],
  ['https://git.example.org/', ' .example.org , other', true],
  ['https://git.example.org/', '*.example.org', true],
  ['https://badexample.org/', 'example.org', false],
  ['https://example.org/', 'example.org:443', true],
  ['https://example.org:8443/', 'example.org:443', false],
  ['http://10.0.0.7:3000/', '10.0.0.7', true],
  ['http://10.0.0.70/', '10.0.0.7', false],
])('%s with NO_PROXY=%s goes straight: %s', (url, noProxy, isStraight) => {
  expect(bypassesProxy(new URL(url), noProxy)).toBe(isStraight);
});
