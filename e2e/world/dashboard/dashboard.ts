import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../listener.js';
import type { Nns } from '../nns/index.js';
import { ANOTHER_DIGEST } from './fault.js';
import type { DashboardFault } from './fault.js';
import { toJson } from './json.js';
import { showProposal } from './proposal-json.js';

/** A running stand-in for the dashboard's API. */
export interface Dashboard {
  /** Base URL without a slash at the end: stands for `https://ic-api.internetcomputer.org`. */
  readonly url: string;
  /** Method and path of every request so far. */
  readonly requests: readonly string[];
  /** Makes every answer wrong in one way; null: right again. */
  setFault(fault: DashboardFault | null): void;
  close(): Promise<void>;
}

const PAGE = '<!doctype html><html><head><title>502 Bad Gateway</title></head></html>\n';
const SPACES = Buffer.alloc(64 * 1024, ' ');

/**
 * Starts a dashboard that shows the proposals of an NNS, those included that the governance
 * canister has purged. Like the real one it signs nothing.
 *
 * Source: `GET /api/v3/proposals/<id>` of ic-api.internetcomputer.org
 */
export async function startDashboard(nns: Pick<Nns, 'proposal'>): Promise<Dashboard> {
  const requests: string[] = [];
  let fault: DashboardFault | null = null;

  const listener = await listen(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    requests.push(`${request.method ?? ''} ${pathname}`);
    const current = fault;
    if (current?.kind === 'down') {
      request.destroy();
      return;
    }
    if (current?.kind === 'slow') await delay(current.delayMs);
    if (current?.kind === 'html') {
      response.writeHead(current.status ?? 502, { 'content-type': 'text/html' }).end(PAGE);
      return;
    }
    const [, id] = /^\/api\/v3\/proposals\/(\d{1,19})$/.exec(pathname) ?? [];
    const stored = id === undefined ? null : nns.proposal(BigInt(id));
    if (stored === null) {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(toJson({ detail: 'Proposal not found.' }));
      return;
    }
    const lie = current?.kind === 'lies' ? (current.payload ?? ANOTHER_DIGEST) : {};
    response.writeHead(200, { 'content-type': 'application/json' });
    const padding = current?.kind === 'huge' ? spaces(current.sizeBytes) : [];
    const body = [Buffer.from(toJson(showProposal(stored, lie))), ...padding];
    await pipeline(body, response);
  });
  return {
    url: listener.url,
    requests,
    setFault(next) {
      fault = next;
    },
    close: () => listener.close(),
  };
}

/** White space, which JSON allows after its end. */
function* spaces(sizeBytes: number): Iterable<Buffer> {
  for (let left = sizeBytes; left > 0; left -= SPACES.byteLength) yield SPACES.subarray(0, left);
}
