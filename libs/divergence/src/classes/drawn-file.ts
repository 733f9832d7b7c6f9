import type { Excerpt } from '../difference.js';
import type { ClassifyContext } from './context.js';
import { maskedText } from './masked-text.js';
import { bothSides } from './readable.js';
import type { Seen } from './seen.js';
import { seeTexts } from './text-pair.js';

const MACHINE_ID = /^(?:etc|var\/lib\/dbus)\/machine-id$/;
const RANDOM_SEED = /^(?:var\/lib\/(?:systemd|urandom)|(?:(?:boot|efi)\/)?loader)\/random-seed$/;
const HOST_KEY = /^etc\/ssh\/ssh_host_\w+_key(?:\.pub)?$/;

const ID = /^[0-9a-f]{32}\n?$/;
const PRIVATE_KEY =
  /^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n(?:[A-Za-z0-9+/=]{1,76}\n){1,200}-----END (?:[A-Z]+ )?PRIVATE KEY-----\n?$/;
const PUBLIC_KEY = /^([a-z][\w@.-]{2,60}) [A-Za-z0-9+/=]{40,2000}(?: (.*))?\n?$/;

/**
 * Names what makes two files differ of which everybody knows that they are drawn by chance, by path
 * and by form: machine ids, seeds, keys of hosts. Null for any other file, and where the form is not it.
 */
export function seeDrawnFile(excerpt: Excerpt, context: ClassifyContext): readonly Seen[] | null {
  const path = context.own?.at(-1) ?? '';
  if (excerpt.isWhole !== true) return null;
  if (RANDOM_SEED.test(path)) {
    const isSeed = excerpt.left.length > 0 && excerpt.left.length === excerpt.right.length;
    return isSeed ? [drawn('the seed of the random numbers')] : null;
  }
  if (!MACHINE_ID.test(path) && !HOST_KEY.test(path)) return null;
  const left = maskedText(excerpt, 'left', context);
  const right = maskedText(excerpt, 'right', context);
  const both = (form: RegExp): boolean => form.test(left) && form.test(right);
  if (MACHINE_ID.test(path)) {
    return both(ID) ? [drawn(`the machine’s id: ${bothSides(left.trim(), right.trim())}`)] : null;
  }
  if (both(PRIVATE_KEY)) return [drawn('a private key of the host')];
  const [a, b] = [PUBLIC_KEY.exec(left), PUBLIC_KEY.exec(right)];
  if (a === null || b === null || a[1] !== b[1]) return null;
  const comments = seeTexts(a[2] ?? '', b[2] ?? '', context);
  return [drawn('a public key of the host'), ...comments];
}

function drawn(what: string): Seen {
  return { class: 'random-id', detail: `drawn by chance: ${what}`, facts: [] };
}
