import { readableLog } from '#libs/contracts';
import { strikeSecrets } from '#libs/platform';
import { maskText, type PrivateWords } from '../build/mask.js';

/** A longer line is no text that anybody reads, and takes long to mask. */
const MOST_LINE_CHARS = 16_384;
/** Longer than any word that is masked: the end of a line that is cut may hold half of one. */
const WORD_MARGIN_CHARS = 2_048;

/**
 * Makes of whole lines of a build's log what may be shown: without what a terminal obeys, without
 * secrets, with this machine's private words masked. Line by line: what comes of a line is the same,
 * whatever stands around it.
 */
export function shownText(text: string, words: PrivateWords): string {
  // First what terminals do not show: a word with a colour in its middle would be missed.
  const readable = readableLog(text).split('\n').map(cutLine).join('\n');
  return maskText(strikeSecrets(readable), words);
}

function cutLine(line: string): string {
  if (line.length <= MOST_LINE_CHARS) return line;
  const kept = line.slice(0, MOST_LINE_CHARS - WORD_MARGIN_CHARS);
  // Up to the last space: behind it a word may begin that is masked only as a whole.
  const end = Math.max(kept.lastIndexOf(' '), 0);
  return `${kept.slice(0, end)} [${line.length - end} characters of this line are left out]`;
}
