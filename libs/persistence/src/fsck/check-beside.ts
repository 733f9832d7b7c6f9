import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { canonicalJson } from '#libs/encoding';
import { cosignatureVerifier, verifyCosignature } from '#libs/tlog';
import { CheckpointEntity } from '../entities/checkpoint.entity.js';
import { CosignatureEntity } from '../entities/cosignature.entity.js';
import { LinkEntity } from '../entities/link.entity.js';
import { RoundBuilderEntity } from '../entities/round-builder.entity.js';
import type { LogFinding } from './log-finding.js';

/**
 * Verifies each witness's line over the checkpoint of its size, under the key that its row names.
 * Whether that witness is one to be asked is for a policy to say.
 */
export async function checkCosignatures(
  manager: EntityManager,
): Promise<{ readonly cosignatures: number; readonly finding: LogFinding | null }> {
  const rows = await manager.find(CosignatureEntity, { order: { size: 'ASC', witness: 'ASC' } });
  const checkpoints = await manager.find(CheckpointEntity);
  const texts = new Map(checkpoints.map(({ size, note }) => [size, textOf(note)]));
  for (const [at, row] of rows.entries()) {
    const where = `cosignature of ${row.witness} at size ${row.size}`;
    const detail = faultOf(row, texts.get(row.size));
    if (detail !== null) {
      return { cosignatures: at, finding: { code: 'cosignature', where, detail } };
    }
  }
  return { cosignatures: rows.length, finding: null };
}

function faultOf({ line, witness }: CosignatureEntity, text: string | undefined): string | null {
  if (text === undefined) return 'no checkpoint of this size was signed';
  try {
    const [, name = ''] = /^— (\S+) /.exec(line) ?? [];
    verifyCosignature(text, line, cosignatureVerifier(name, Buffer.from(witness, 'hex')));
    return null;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** What is signed of a note: everything above its signatures. */
function textOf(note: string): string {
  return note.slice(0, note.lastIndexOf('\n\n') + 1);
}

/** Only the outer form: whoever wants to rely on a link verifies it, by tools that know nothing of us. */
const Link = z.object({
  signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })).length(1),
  signed: z.looseObject({ _type: z.literal('link') }),
});

/** Holds links of the old form against their form, and against the rounds that they are of. */
export async function checkLinks(
  manager: EntityManager,
): Promise<{ readonly links: number; readonly finding: LogFinding | null }> {
  const rows = await manager.find(LinkEntity, { order: { round: 'ASC', builder: 'ASC' } });
  for (const [at, { round, builder, body }] of rows.entries()) {
    const where = `link of ${builder} in round ${round}`;
    const seat = await manager.findOneBy(RoundBuilderEntity, { round, builder });
    const detail =
      seat?.resultIndex == null ? 'that builder has shown no result there' : faultInLink(body);
    if (detail !== null) return { links: at, finding: { code: 'link', where, detail } };
  }
  return { links: rows.length, finding: null };
}

function faultInLink(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    if (!Link.safeParse(value).success) return 'it is no in-toto link with one signature';
    return canonicalJson(value) === body ? null : 'it is not canonical JSON';
  } catch {
    return 'it is no JSON';
  }
}
