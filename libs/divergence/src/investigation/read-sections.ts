import type { Location } from '#libs/manifest';
import {
  ELF_HEADER_BYTES,
  nameSections,
  readElfHeader,
  readSections,
  type Section,
} from '../classes/elf.js';
import type { ByteAsker } from './byte-asker.js';

const MOST_BYTES = 16_384;

/** Asks one side for the sections of a file; none where it is no ELF file. */
export async function readElfSections(
  asker: ByteAsker,
  location: Location,
): Promise<readonly Section[]> {
  const head = await asker.bytes(location, 0, ELF_HEADER_BYTES);
  const table = readElfHeader(head.bytes);
  if (table === null) return [];
  const length = Math.min(MOST_BYTES, table.entryBytes * table.count);
  const raw = readSections((await asker.bytes(location, table.offset, length)).bytes, table);
  const names = raw[table.names];
  if (names === undefined || names.sizeBytes === 0) return [];
  const named = await asker.bytes(location, names.offset, Math.min(MOST_BYTES, names.sizeBytes));
  return nameSections(raw, named.bytes);
}
