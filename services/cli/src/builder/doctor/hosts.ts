import { connect } from 'node:net';
import { plain } from '#libs/contracts';
import { endpointsOf } from '../../check/endpoints.js';

/** A host that a builder has to reach, always outbound. */
export interface NeededHost {
  /** `scheme://host[:port]`. */
  readonly origin: string;
  readonly what: string;
}

/** A needed host, and what became of asking it. */
export interface AskedHost extends NeededHost {
  /** `not-asked` without `--online`. */
  readonly state: 'answers' | 'silent' | 'not-asked';
  /** Why it is silent, in short; null otherwise. */
  readonly reason: string | null;
}

const TIMEOUT_MS = 10_000;
const PORTS: Readonly<Record<string, number>> = { 'nats:': 4222, 'tls:': 4222 };

/**
 * Lists what a builder reaches by itself, in the agent's configuration where it is given. What a
 * commit's own script fetches beside it, only that script knows.
 */
export function neededHosts(environment: Readonly<NodeJS.ProcessEnv>): readonly NeededHost[] {
  const { COORDINATOR_URL, NATS_URL, GIT_URL, CDN_BASES } = environment;
  const { gitUrl, cdns } = endpointsOf(environment);
  const named: readonly (readonly [string, string])[] = [
    ...listed(COORDINATOR_URL).map((url) => [url, 'coordinator'] as const),
    ...listed(NATS_URL).map((url) => [url, 'NATS'] as const),
    [GIT_URL ?? gitUrl, 'source'],
    ...listed(CDN_BASES ?? Object.values(cdns).join(',')).map((url) => [url, 'releases'] as const),
  ];
  const hosts = new Map<string, NeededHost>();
  for (const [url, what] of named) {
    const parsed = URL.parse(url);
    if (parsed === null) continue;
    const origin = `${parsed.protocol}//${parsed.host}`;
    const known = hosts.get(origin);
    hosts.set(origin, { origin, what: known === undefined ? what : `${known.what}, ${what}` });
  }
  return [...hosts.values()];
}

/** Asks each host whether it is there: over HTTP as the agent would, else by a connection. */
export async function askHosts(
  hosts: readonly NeededHost[],
  isOnline: boolean,
): Promise<readonly AskedHost[]> {
  return Promise.all(
    hosts.map(async (host) => {
      if (!isOnline) return { ...host, state: 'not-asked' as const, reason: null };
      const reason = await reasonOfSilence(new URL(host.origin));
      return {
        ...host,
        state: reason === null ? ('answers' as const) : ('silent' as const),
        reason,
      };
    }),
  );
}

/** Draws them, a line each. */
export function hostsText(hosts: readonly AskedHost[]): string {
  const MARKS = { answers: '✓', silent: '✗', 'not-asked': '·' } as const;
  const width = Math.max(0, ...hosts.map(({ origin }) => origin.length));
  const rows = hosts.map(({ origin, what, state, reason }) => {
    const said =
      state === 'not-asked' ? '' : state === 'answers' ? 'answers' : (reason ?? 'silent');
    return plain(
      `  ${MARKS[state]} ${origin.padEnd(width)}  ${what.padEnd(12)} ${said}`.trimEnd(),
      300,
    );
  });
  return [
    'hosts that this machine has to reach, outbound, beside what a commit’s own script fetches:',
    ...rows,
    ...(hosts.some(({ state }) => state === 'not-asked') ? ['  --online asks them'] : []),
  ].join('\n');
}

function listed(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap((entry) => entry.trim() || []);
}

/** Null for a host that answers anything at all: an error of its own is an answer. */
async function reasonOfSilence(url: URL): Promise<string | null> {
  const isHttp = ['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol);
  try {
    if (isHttp) {
      url.protocol = url.protocol.replace('ws', 'http');
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(url, { method: 'HEAD', redirect: 'manual', signal });
      await response.body?.cancel();
    } else await connected(url.hostname, Number(url.port) || (PORTS[url.protocol] ?? 443));
    return null;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    const { cause } = error;
    return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
  }
}

async function connected(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => {
      socket.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`));
    });
    socket.once('error', reject);
  });
}
