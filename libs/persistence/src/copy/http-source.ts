import { z } from 'zod';
import { quote } from '#libs/encoding';
import { MAX_ENTRY_BUNDLE_BYTES, MAX_NOTE_BYTES, tilePath, type TileId } from '#libs/tlog';
import { PersistenceError } from '../error.js';
import type { LogSource, ProposalCopy } from './log-source.js';

const TIMEOUT_MS = 60_000;
const MAX_LINES_BYTES = 16_777_216;

const Proposal = z.object({
  nnsFunction: z.number().nullable(),
  payload: z.string().nullable(),
  evidence: z.record(z.string(), z.unknown()),
});

/** A log as a coordinator serves it. */
export class HttpSource implements LogSource {
  readonly name: string;
  private readonly base: URL;

  /** @throws PersistenceError COPY_UNUSABLE for what is no http or https URL */
  constructor(address: string) {
    const url = URL.parse(address.endsWith('/') ? address : `${address}/`);
    if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      throw new PersistenceError('COPY_UNUSABLE', `${quote(address)} is not a coordinator's URL`);
    }
    this.base = url;
    this.name = url.href;
  }

  async checkpoint(): Promise<string> {
    const bytes = await this.get('v1/log/checkpoint', MAX_NOTE_BYTES);
    if (bytes !== undefined) return bytes.toString('utf8');
    throw new PersistenceError('COPY_UNUSABLE', `${this.name} serves no checkpoint`);
  }

  async tile(id: TileId): Promise<Uint8Array | undefined> {
    const bytes = await this.get(`v1/log/${tilePath(id)}`, MAX_ENTRY_BUNDLE_BYTES);
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }

  async envelopes(from: number): Promise<readonly string[]> {
    const bytes = await this.get(`v1/log/envelopes/${from}`, MAX_LINES_BYTES);
    const lines = bytes?.toString('utf8').split('\n') ?? [];
    return lines.filter((line) => line !== '');
  }

  async proposal(id: string): Promise<ProposalCopy | undefined> {
    const bytes = await this.get(`v1/proposals/${id}/evidence`, MAX_LINES_BYTES);
    return bytes === undefined ? undefined : Proposal.parse(JSON.parse(bytes.toString('utf8')));
  }

  private async get(path: string, maxBytes: number): Promise<Buffer | undefined> {
    const response = await this.ask(path);
    if (response.status === 404) return undefined;
    if (!response.ok || response.body === null) {
      throw new PersistenceError('COPY_UNUSABLE', `${this.name}${path}: status ${response.status}`);
    }
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of response.body as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > maxBytes) {
        throw new PersistenceError(
          'COPY_UNUSABLE',
          `${this.name}${path} has more than ${maxBytes} bytes`,
        );
      }
      parts.push(part);
    }
    return Buffer.concat(parts);
  }

  private async ask(path: string): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      return await fetch(new URL(path, this.base), { signal, redirect: 'error' });
    } catch (cause) {
      const message = `${this.name} does not answer${whyOf(cause)}: look at the address, and whether a coordinator runs there`;
      throw new PersistenceError('COPY_UNUSABLE', message, { cause });
    }
  }
}

function whyOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if (cause.name === 'TimeoutError') return ` within ${TIMEOUT_MS / 1000} s`;
  // What happened stands in the cause; an address with several of them has only a code.
  const { code, message } = (cause.cause ?? cause) as NodeJS.ErrnoException;
  return ` (${message === '' ? code : message})`;
}
