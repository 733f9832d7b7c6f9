import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { bypassesProxy } from './no-proxy.js';

/** How this process reaches other hosts. */
export interface Egress {
  /** Proxy for `https:` URLs, such as `http://proxy.example:3128`; null for none. */
  readonly httpsProxy: string | null;
  /** Proxy for `http:` URLs. */
  readonly httpProxy: string | null;
  /** Hosts that are reached without it, as `NO_PROXY` has them. */
  readonly noProxy: string;
  /** PEM file of all authorities that git trusts; null for its own. */
  readonly caBundleFile: string | null;
}

const DIRECT: Egress = { httpsProxy: null, httpProxy: null, noProxy: '', caBundleFile: null };

let current = DIRECT;

/**
 * Says how downloads and git reach other hosts from now on, in this whole process. Downloads trust what
 * Node trusts; git takes a file.
 */
export function setEgress(egress: Egress): void {
  current = egress;
}

/** Reads the proxies of an environment, by the names that curl and git know, lower case first. */
export function egressOf(
  env: Readonly<Record<string, string | undefined>>,
  caBundleFile: string | null,
): Egress {
  const named = (name: string): string | null => {
    const value = env[name.toLowerCase()] ?? env[name];
    return value === undefined || value === '' ? null : value;
  };
  return {
    httpsProxy: named('HTTPS_PROXY'),
    httpProxy: named('HTTP_PROXY'),
    noProxy: named('NO_PROXY') ?? '',
    caBundleFile,
  };
}

/**
 * Gives what sends a request through the proxy; null where it goes straight to its host, which is then
 * to be resolved and judged here.
 */
export function proxyAgentFor(url: URL): HttpAgent | null {
  const { httpsProxy, httpProxy, noProxy } = current;
  const isHttps = url.protocol === 'https:';
  const proxy = isHttps ? httpsProxy : httpProxy;
  if (proxy === null || bypassesProxy(url, noProxy)) return null;
  const options: AgentOptions = {
    proxyEnv: isHttps ? { HTTPS_PROXY: proxy } : { HTTP_PROXY: proxy },
  };
  // One for each request: a connection that is kept would have been made for another one.
  return isHttps ? new HttpsAgent(options) : new HttpAgent(options);
}

/** Gives the variables by which git goes the same way. */
export function gitEgress(): Readonly<Record<string, string>> {
  const { httpsProxy, httpProxy, noProxy, caBundleFile } = current;
  return {
    ...(httpsProxy !== null && { https_proxy: httpsProxy }),
    ...(httpProxy !== null && { http_proxy: httpProxy }),
    ...(noProxy !== '' && { no_proxy: noProxy }),
    ...(caBundleFile !== null && { GIT_SSL_CAINFO: caBundleFile }),
  };
}
