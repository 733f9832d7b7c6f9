import type { Location } from '#libs/manifest';
import type { ClassifyContext } from './context.js';
import { seeLines } from './lines.js';
import { unmasked } from './masked-text.js';
import { bothSides, quoted } from './readable.js';
import { notCompared, type Seen } from './seen.js';

const STATUS = /^var\/lib\/dpkg\/(?:status(?:-old)?|available|status\.d\/[^/]{1,200})$/;
const NAME = /^[a-z0-9][a-z0-9+.-]{1,60}$/;
const MAX_STANZAS = 20_000;
/** Packages that are named one by one. */
const MAX_NAMED = 64;

/** Whether a file holds what dpkg knows of installed packages, stanza by stanza. */
export function isDpkgStatus(location: Location): boolean {
  return STATUS.test(location.at(-1) ?? '');
}

/** What is told of one package. */
interface Stanza {
  /** Null where the text begins within the stanza, or has no name that a package can have. */
  readonly name: string | null;
  readonly version: string | null;
  readonly text: string;
}

/**
 * Names what makes two dpkg status files differ: each package of another version by itself. What else
 * is told of such a package follows from its version. `isWhole` as for `seeLines`.
 *
 * Source: dpkg-query(1), deb822(5)
 */
export function seeDpkgStatus(
  left: string,
  right: string,
  isWhole: boolean,
  context: ClassifyContext,
): readonly Seen[] {
  const [a, b] = [stanzasOf(left), stanzasOf(right)];
  const seen: Seen[] = [];
  const drifted: Seen[] = [];
  for (const [key, stanza] of a) {
    const other = b.get(key);
    if (other === undefined) {
      if (isWhole) seen.push(onlyOn('left', stanza));
    } else if (isOther(stanza, other)) {
      drifted.push(driftOf(stanza, other));
    } else if (stanza.text !== other.text) {
      seen.push(...seeLines(stanza.text, other.text, isWhole, context));
    }
  }
  for (const [key, stanza] of b) if (isWhole && !a.has(key)) seen.push(onlyOn('right', stanza));
  const named = drifted.slice(0, MAX_NAMED);
  const more = drifted.length - named.length;
  const all = [...named, ...(more > 0 ? [moreDrifted(more)] : []), ...seen];
  if (a.size === MAX_STANZAS || b.size === MAX_STANZAS) {
    all.push(notCompared(`what follows the first ${MAX_STANZAS} packages`));
  }
  return all.length === 0 ? seeLines(left, right, isWhole, context) : all;
}

function stanzasOf(text: string): ReadonlyMap<string, Stanza> {
  const stanzas = new Map<string, Stanza>();
  const counts = new Map<string, number>();
  for (const part of text.split(/\n{2,}/, MAX_STANZAS)) {
    const name = /^Package: (.*)$/m.exec(part)?.[1] ?? '';
    const version = /^Version: (.*)$/m.exec(part)?.[1] ?? null;
    const stanza = { name: NAME.test(name) ? name : null, version, text: part };
    // One package may be there for two architectures.
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    stanzas.set(`${count} ${name}`, stanza);
  }
  return stanzas;
}

function isOther(left: Stanza, right: Stanza): boolean {
  return left.version !== null && right.version !== null && left.version !== right.version;
}

function driftOf({ name, version }: Stanza, other: Stanza): Seen {
  const shown = bothSides(unmasked(version ?? ''), unmasked(other.version ?? ''));
  if (name === null) return { class: 'package-version', detail: shown, facts: [] };
  return { class: 'package-version', detail: `${name}: ${shown}`, facts: [], package: name };
}

function moreDrifted(count: number): Seen {
  const detail = `${count} more packages have other versions`;
  return { class: 'package-version', detail, facts: [], package: '' };
}

function onlyOn(side: string, { name, text }: Stanza): Seen {
  const shown = quoted(name ?? unmasked(text.split('\n', 1)[0] ?? ''));
  return { class: 'unknown', detail: `a package only on the ${side}: ${shown}`, facts: [] };
}
