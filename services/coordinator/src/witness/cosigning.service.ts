import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import { fromHex, sha256, toBase64 } from '#libs/encoding';
import { ADVISORY_LOCKS, WitnessedLogEntity } from '#libs/persistence';
import {
  cosign,
  decideCosigning,
  openWitnessRequest,
  type Checkpoint,
  type SignedCheckpoint,
  type WitnessRefusal,
} from '#libs/tlog';
import { LogHalt } from '../log/log-halt.js';
import { OWN_WITNESS } from '../tokens.js';
import type { OwnWitness } from './own-witness.js';

/** The word of a witness, or why it gives none. */
export type CosigningDecision =
  WitnessRefusal | { readonly kind: 'cosigned'; readonly line: string };

/** Nothing is cosigned while the own log stands still. */
export interface StandsStill {
  readonly kind: 'refused';
  readonly status: 503;
  readonly reason: string;
}

/**
 * The witness that this coordinator is to other logs: it keeps the newest checkpoint of each, and
 * cosigns another one only once that is known to contain it and is durable.
 */
@Injectable()
export class CosigningService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(OWN_WITNESS) private readonly own: OwnWitness | null,
    private readonly halt: LogHalt,
  ) {}

  /** Answers an add-checkpoint request. */
  async add(body: Uint8Array | string): Promise<CosigningDecision | StandsStill> {
    if (this.own === null) {
      return { kind: 'refused', status: 404, reason: 'this coordinator is no witness' };
    }
    const { reason: why } = this.halt;
    // What was cosigned is in this database, too: one that was brought back has forgotten the newest of it.
    if (why !== null) return { kind: 'refused', status: 503, reason: why.message };
    const request = openWitnessRequest(body, this.own.logs);
    if (request.kind !== 'open') return request;
    const decided = await this.dataSource.transaction(async (manager) => {
      // Two requests at once would both be decided by the same state, and the later one could take
      // the state back to the smaller tree. All coordinators on this database share the lock.
      await manager.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCKS.cosigning]);
      const stored = await read(manager, request.signed.checkpoint.origin);
      const decision = decideCosigning(request, stored);
      if (decision.kind === 'cosign') await write(manager, request.signed);
      return decision;
    });
    // Only now is anything signed: a crash before the commit leaves nobody with a cosignature of a
    // tree that is forgotten here, and one after it costs the log one more request.
    return decided.kind === 'cosign'
      ? { kind: 'cosigned', line: cosignNow(decided.text, this.own) }
      : decided;
  }

  /**
   * Gives the newest cosigned checkpoint of the log with this hex SHA-256 of its origin; null where there
   * is none, and while the own log stands still.
   */
  async newest(originSha256: string): Promise<string | null> {
    const origin = [...(this.own?.logs.keys() ?? [])].find((name) => sha256(name) === originSha256);
    if (this.own === null || origin === undefined || this.halt.reason !== null) return null;
    const row = await this.dataSource.manager.findOneBy(WitnessedLogEntity, { origin });
    if (row === null) return null;
    const text = row.note.slice(0, row.note.lastIndexOf('\n\n') + 1);
    return `${row.note}${cosignNow(text, this.own)}`;
  }
}

async function read(manager: EntityManager, origin: string): Promise<Checkpoint | null> {
  const row = await manager.findOneBy(WitnessedLogEntity, { origin });
  return row === null ? null : { origin, size: row.size, root: new Uint8Array(row.root) };
}

async function write(
  manager: EntityManager,
  { checkpoint: { origin, size, root }, text, verified }: SignedCheckpoint,
): Promise<void> {
  // Of the note only what the log itself signed: strangers' lines come at anybody's will.
  const lines = verified.map(({ name, keyId, signature }) => {
    return `— ${name} ${toBase64(Buffer.concat([fromHex(keyId), signature]))}\n`;
  });
  const row = { origin, size, root: Buffer.from(root), note: `${text}\n${lines.join('')}` };
  await manager.upsert(WitnessedLogEntity, row, ['origin']);
}

function cosignNow(text: string, { name, signer }: OwnWitness): string {
  const timeS = Math.floor(Date.now() / 1000);
  return cosign(text, { name, publicKey: signer.publicKey, sign: (m) => signer.sign(m), timeS });
}
