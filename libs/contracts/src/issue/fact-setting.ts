import type { FactValue } from '#libs/attestation';
import { plain } from '../report/plain.js';

/** What a value may be made of to stand in a command; others are told in a remark. */
const WORD = /^[A-Za-z0-9][A-Za-z0-9_.@:+/-]{0,59}$/;
const UMASK = /^[0-7]{3,4}$/;

/** Facts that an environment variable sets. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['locale.lang', 'LANG'],
  ['locale.lc-all', 'LC_ALL'],
  ['locale.collation', 'LC_COLLATE'],
  ['locale.characters', 'LC_CTYPE'],
  ['time.zone', 'TZ'],
]);

const DEFAULT_BLOCK_BYTES = 4096;
const BLOCK_BYTES = [1024, 2048];

/**
 * Writes shell lines after which a machine is as the fact says, or a remark where no command can do
 * it. Facts are strangers' texts, and an engineer pastes these lines: a value only stands in a
 * command where it is of a form that cannot be one itself.
 */
export function settingOf(fact: string, value: FactValue): readonly string[] {
  const text = String(value);
  const variable = VARIABLES.get(fact);
  if (variable !== undefined && WORD.test(text)) return [`export ${variable}=${text}`];
  if (fact === 'user.umask' && UMASK.test(text)) return [`umask ${text}`];
  if (fact === 'cpu.count' && isProcessorCount(value)) return [`taskset -pc 0-${value - 1} $$`];
  if (fact === 'temp.block-size' && typeof value === 'number') return tempLines(value);
  return [`# ${plain(fact, 60)}: ${value === null ? 'missing' : plain(text, 120)}`];
}

function isProcessorCount(value: FactValue): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1024;
}

function tempLines(blockBytes: number): readonly string[] {
  if (blockBytes === DEFAULT_BLOCK_BYTES) return ['# temp directory on ext4 of 4096-byte blocks'];
  if (!BLOCK_BYTES.includes(blockBytes)) {
    return [`# temp directory on a filesystem of ${blockBytes}-byte blocks`];
  }
  return [
    // Beside the checkout: build scripts refuse a tree with files of others.
    `truncate -s 100G ../temp.img && mkfs.ext4 -q -b ${blockBytes} ../temp.img && mkdir ../temp`,
    'sudo mount -o loop ../temp.img ../temp && sudo chmod 1777 ../temp',
    'export TMPDIR="$(realpath ../temp)"',
  ];
}
