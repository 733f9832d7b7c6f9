import { sectionAt, type Section } from './elf.js';
import type { Seen } from './seen.js';

/** Sections that are named of a file. */
const MAX_SECTIONS = 4;

/**
 * Says where a thing was seen that is no text: in how many places, as `detail` tells of the first alone,
 * and in which sections of an ELF file. Without this a change of code hides behind one of its build id.
 */
export function withPlaces({ detail, at = [] }: Seen, sections: readonly Section[] = []): string {
  const names = new Set(at.flatMap((offset) => sectionAt(sections, offset) ?? []));
  const shown = [...names].slice(0, MAX_SECTIONS).join(', ');
  const rest = names.size > MAX_SECTIONS ? ` and ${names.size - MAX_SECTIONS} more` : '';
  const within =
    names.size === 0 ? '' : `in the section${names.size === 1 ? '' : 's'} ${shown}${rest}`;
  const count = at.length > 1 ? `at ${at.length} places, the first` : '';
  const where = [within, count].filter((part) => part !== '').join(', ');
  return where === '' ? detail : `${where}: ${detail}`;
}
