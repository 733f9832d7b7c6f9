/** What must not stand in a public text. */
export interface PrivateWords {
  readonly hostname: string;
  readonly user: string;
  /** Absolute paths of this machine: home, build, state, temp. */
  readonly paths: readonly string[];
}

const SHORTEST_WORD = 3;
/** Names that everybody has, and that stand in paths of every build. */
const COMMON = ['root', 'build', 'builder', 'localhost', 'ubuntu', 'debian'];

/**
 * Replaces this machine's paths, host and user names, and addresses in a text that becomes public.
 * Long paths first, since one may begin with another.
 */
export function maskText(text: string, { hostname, user, paths }: PrivateWords): string {
  let masked = text;
  for (const path of paths.toSorted((a, b) => b.length - a.length)) {
    if (path.length > 1) masked = masked.replaceAll(path, '<path>');
  }
  for (const [word, mark] of [
    [hostname, '<host>'],
    [user, '<user>'],
  ] as const) {
    if (word.length >= SHORTEST_WORD && !COMMON.includes(word)) {
      masked = masked.replace(new RegExp(`\\b${escapeRegExp(word)}\\b`, 'g'), mark);
    }
  }
  return masked
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<address>')
    .replace(/\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){4,7}\b/gi, '<address>');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
