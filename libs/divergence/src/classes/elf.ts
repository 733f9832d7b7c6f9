/** Where the table of an ELF file's sections is, as its header tells. */
export interface SectionTable {
  readonly is64: boolean;
  readonly isLittle: boolean;
  readonly offset: number;
  readonly entryBytes: number;
  readonly count: number;
  /** Number of the section that holds the names. */
  readonly names: number;
}

/** One section of an ELF file. */
export interface Section {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Bytes of a file's beginning that hold the header. */
export const ELF_HEADER_BYTES = 64;
const MAX_SECTIONS = 200;
const MAX_NAME_CHARACTERS = 60;
/** Occupies no bytes of the file. */
const NOBITS = 8;

/**
 * Reads the header of an ELF file; null for anything else, and for tables of no sensible size.
 *
 * Source: System V ABI, ELF header
 */
export function readElfHeader(bytes: Uint8Array): SectionTable | null {
  const [a, b, c, d, width, order] = bytes;
  if (a !== 0x7f || b !== 0x45 || c !== 0x4c || d !== 0x46) return null;
  if (bytes.length < ELF_HEADER_BYTES || (width !== 1 && width !== 2)) return null;
  const [is64, isLittle] = [width === 2, order !== 2];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tail = is64 ? 58 : 46;
  const table = {
    ...{ is64, isLittle },
    offset: is64 ? Number(view.getBigUint64(40, isLittle)) : view.getUint32(32, isLittle),
    entryBytes: view.getUint16(tail, isLittle),
    count: view.getUint16(tail + 2, isLittle),
    names: view.getUint16(tail + 4, isLittle),
  };
  const isSound =
    table.entryBytes === (is64 ? 64 : 40) &&
    table.count > 0 &&
    table.count <= MAX_SECTIONS &&
    table.names < table.count &&
    Number.isSafeInteger(table.offset + table.entryBytes * table.count);
  return isSound ? table : null;
}

/** A section before its name is known. */
export interface RawSection {
  /** Where its name begins within the section of names. */
  readonly nameAt: number;
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Reads the table of sections; fewer where its bytes end before it does. */
export function readSections(bytes: Uint8Array, table: SectionTable): readonly RawSection[] {
  const { is64, isLittle, entryBytes, count } = table;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (at: number): number =>
    is64 ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
  const whole = Math.min(count, Math.floor(bytes.length / entryBytes));
  return Array.from({ length: whole }, (_, index) => {
    const at = index * entryBytes;
    const takesNone = view.getUint32(at + 4, isLittle) === NOBITS;
    return {
      nameAt: view.getUint32(at, isLittle),
      offset: number(at + (is64 ? 24 : 16)),
      sizeBytes: takesNone ? 0 : number(at + (is64 ? 32 : 20)),
    };
  });
}

/** Gives the sections their names, which `names` holds, each ended by a zero. */
export function nameSections(
  sections: readonly RawSection[],
  names: Uint8Array,
): readonly Section[] {
  return sections.map(({ nameAt, offset, sizeBytes }) => {
    const text = names.subarray(nameAt, nameAt + MAX_NAME_CHARACTERS);
    const end = text.indexOf(0);
    const name = Buffer.from(end < 0 ? text : text.subarray(0, end)).toString('latin1');
    return { name, offset, sizeBytes };
  });
}

/** The name of the section in which a byte of the file lies; null where none is. */
export function sectionAt(sections: readonly Section[], offset: number): string | null {
  const found = sections.find(
    (section) => offset >= section.offset && offset < section.offset + section.sizeBytes,
  );
  return found === undefined || found.name === '' ? null : found.name;
}
