import { isIP, isIPv4 } from 'node:net';

/** What must not stand in a public text. */
export interface PrivateWords {
  readonly hostname: string;
  readonly user: string;
  /** Users who run its builds. */
  readonly buildUsers?: readonly string[];
  /** Absolute paths of this machine: home, build, state, temp. */
  readonly paths: readonly string[];
}

const SHORTEST_WORD = 3;
/** Names that everybody has, and that stand in paths of every build. */
const COMMON = ['root', 'build', 'builder', 'localhost', 'ubuntu', 'debian'];
/** `0000:0000:0000:0000:0000:ffff:255.255.255.255`, with a port. */
const LONGEST_ADDRESS = 60;

/**
 * Replaces this machine's paths, host and user names, and addresses in a text that becomes public.
 * Long paths first, since one may begin with another.
 */
export function maskText(text: string, words: PrivateWords): string {
  const { hostname, user, buildUsers = [], paths } = words;
  let masked = text;
  const bare = paths.map((path) => path.replace(/\/+$/, ''));
  for (const path of bare.toSorted((a, b) => b.length - a.length)) {
    if (path === '') continue;
    // Not where another name only begins alike: half a name would be left to read.
    masked = masked.replaceAll(new RegExp(`${escapeRegExp(path)}(?![\\w-]|\\.\\w)`, 'g'), '<path>');
  }
  const [label = ''] = hostname.split('.');
  masked = maskWord(masked, hostname, '<host>', 'gi');
  masked = maskWord(masked, label, '<host>', 'gi');
  for (const name of [user, ...buildUsers]) masked = maskWord(masked, name, '<user>', 'g');
  return masked.replaceAll(/(?<![\w:.])[0-9a-f:.]{2,}(?:%\w+)?(?!\w)/gi, maskAddress);
}

function maskWord(text: string, word: string, mark: string, flags: 'g' | 'gi'): string {
  if (word.length < SHORTEST_WORD || COMMON.includes(word.toLowerCase())) return text;
  return text.replaceAll(new RegExp(`(?<!\\w)${escapeRegExp(word)}(?!\\w)`, flags), mark);
}

/** Takes a run of hexadecimal digits, colons and dots; most are versions, times or digests. */
function maskAddress(run: string): string {
  if (run.length > LONGEST_ADDRESS) return run;
  const [, v4 = '', rest = ''] = /^([0-9.]*[0-9])((?::\d+)?[:.]*)$/.exec(run) ?? [];
  if (isIPv4(v4)) return `<address>${rest}`;
  for (const end of [run.length, run.length - 1]) {
    const address = run.slice(0, end);
    const isMac = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(address);
    // `::` alone stands in every program.
    if (isMac || (isIP(address) === 6 && /\w/.test(address))) {
      return `<address>${run.slice(end)}`;
    }
  }
  return run;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
