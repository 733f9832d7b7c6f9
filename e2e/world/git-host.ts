import { setTimeout as delay } from 'node:timers/promises';
import { runCgi } from './cgi.js';
import { GIT_ENVIRONMENT } from './git.js';
import { listen } from './listener.js';

/** A git host that serves bare repositories over smart HTTP, read-only. */
export interface GitHost {
  /** Base URL without a slash at the end. */
  readonly url: string;
  /** Clone URL of a repository: `http://127.0.0.1:<port>/dfinity/ic.git`. */
  urlOf(name: string): string;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
  /** From now on everything is 404, as a private repository is for strangers. */
  unavailable(): void;
  /** From now on each answer begins this much later. */
  slow(delayMs: number): void;
  /** Ends all faults. */
  restore(): void;
  close(): Promise<void>;
}

/** Any reachable commit may be fetched by its id, as on the real host. */
const SETTINGS: Readonly<Record<string, string>> = {
  'uploadpack.allowAnySHA1InWant': 'true',
  'uploadpack.allowFilter': 'true',
  'http.receivepack': 'false',
  // The repository may belong to another user than the one who serves it.
  'safe.directory': '*',
};

/**
 * Starts a git host for repositories by name, `{ 'dfinity/ic': gitDir }`, by git's own CGI program.
 *
 * Source: git-http-backend(1)
 */
export async function startGitHost(
  repositories: Readonly<Record<string, string>>,
): Promise<GitHost> {
  const known = new Map(Object.entries(repositories));
  const requests: string[] = [];
  let isUnavailable = false;
  let delayMs = 0;

  const listener = await listen(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    requests.push(`${request.method ?? ''} ${url.pathname}`);
    if (delayMs > 0) await delay(delayMs);

    const [, name = '', service = ''] = /^\/([^/]+\/[^/]+)\.git(\/.*)$/.exec(url.pathname) ?? [];
    const gitDir = isUnavailable ? undefined : known.get(name);
    if (gitDir === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Repository not found.\n');
      return;
    }
    await runCgi(['git', 'http-backend'], request, response, {
      ...GIT_ENVIRONMENT,
      ...settings(),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROJECT_ROOT: gitDir,
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      PATH_INFO: service,
      QUERY_STRING: url.search.slice(1),
    });
  });

  return {
    url: listener.url,
    urlOf: (name) => `${listener.url}/${name}.git`,
    requests,
    unavailable() {
      isUnavailable = true;
    },
    slow(ms) {
      delayMs = ms;
    },
    restore() {
      isUnavailable = false;
      delayMs = 0;
    },
    close: () => listener.close(),
  };
}

function settings(): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: `${Object.keys(SETTINGS).length}` };
  for (const [index, [key, value]] of Object.entries(SETTINGS).entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}
