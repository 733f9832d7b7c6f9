import { access, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSha256, quote, toHex } from '#libs/encoding';
import { tilePath, type TileId } from '#libs/tlog';
import { PersistenceError } from '../error.js';
import type { LogSource, ProposalCopy } from './log-source.js';

const CHECKPOINT = 'checkpoint';

/**
 * A copy of a log in a folder: `checkpoint` and `tile/…` as C2SP tlog-tiles names them, so that the
 * folder can be served as it is; `envelopes/<xx>/<leaf hash>.json`; `proposals/<id>.json`.
 */
export class LogFolder implements LogSource {
  constructor(private readonly path: string) {}

  get name(): string {
    return this.path;
  }

  async checkpoint(): Promise<string> {
    const note = await this.earlierCheckpoint();
    if (note !== null) return note;
    throw new PersistenceError(
      'COPY_UNUSABLE',
      `${this.path} holds no checkpoint: it is no copy of a log, or was not finished`,
    );
  }

  /** The checkpoint of a copy that was made here before; null for a new folder. */
  async earlierCheckpoint(): Promise<string | null> {
    return (await this.read(CHECKPOINT))?.toString('utf8') ?? null;
  }

  async tile(id: TileId): Promise<Uint8Array | undefined> {
    const bytes = await this.read(tilePath(id));
    return bytes === undefined ? undefined : new Uint8Array(bytes);
  }

  async envelopes(_from: number, leafHashes: readonly Uint8Array[]): Promise<readonly string[]> {
    const bodies: string[] = [];
    for (const leafHash of leafHashes) {
      const body = await this.read(envelopePath(leafHash));
      if (body === undefined) break;
      bodies.push(body.toString('utf8'));
    }
    return bodies;
  }

  async proposal(id: string): Promise<ProposalCopy | undefined> {
    const text = await this.read(proposalPath(id));
    return text === undefined ? undefined : (JSON.parse(text.toString('utf8')) as ProposalCopy);
  }

  hasTile(id: TileId): Promise<boolean> {
    return this.has(tilePath(id));
  }

  hasEnvelope(leafHash: Uint8Array): Promise<boolean> {
    return this.has(envelopePath(leafHash));
  }

  hasProposal(id: string): Promise<boolean> {
    return this.has(proposalPath(id));
  }

  keepTile(id: TileId, bytes: Uint8Array): Promise<void> {
    return this.write(tilePath(id), bytes);
  }

  keepEnvelope(leafHash: Uint8Array, body: string): Promise<void> {
    return this.write(envelopePath(leafHash), body);
  }

  keepProposal(id: string, proposal: ProposalCopy): Promise<void> {
    return this.write(proposalPath(id), `${JSON.stringify(proposal)}\n`);
  }

  /** Last of all: a folder with a checkpoint is a whole copy of that tree. */
  keepCheckpoint(note: string): Promise<void> {
    return this.write(CHECKPOINT, note);
  }

  private async read(name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.path, name));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private async has(name: string): Promise<boolean> {
    return access(join(this.path, name)).then(
      () => true,
      () => false,
    );
  }

  /** Whole or not at all: who goes on after a crash believes that what is there is whole. */
  private async write(name: string, content: Uint8Array | string): Promise<void> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.draft`;
    const file = await open(draft, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  }
}

function envelopePath(leafHash: Uint8Array): string {
  const name = toHex(leafHash);
  if (!isSha256(name))
    throw new PersistenceError('COPY_UNUSABLE', `${quote(name)} is no leaf hash`);
  return `envelopes/${name.slice(0, 2)}/${name}.json`;
}

function proposalPath(id: string): string {
  // A RoundOpen names it, and what names a path is not believed.
  if (!/^\d{1,20}$/.test(id)) {
    throw new PersistenceError('COPY_UNUSABLE', `${quote(id)} is no proposal number`);
  }
  return `proposals/${id}.json`;
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
