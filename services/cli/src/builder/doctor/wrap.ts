import { plain } from '#libs/contracts';

const MAX_CHARACTERS = 2_000;

/**
 * Breaks a text into lines of at most `width` characters, at spaces; a longer word keeps a line of
 * its own. Line breaks in the text stay, and nothing in it can steer a terminal.
 */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    for (const word of plain(line, MAX_CHARACTERS).split(' ')) {
      const longer = current === '' ? word : `${current} ${word}`;
      if (longer.length <= width || current === '') current = longer;
      else {
        lines.push(current);
        current = word;
      }
    }
    return [...lines, current];
  });
}
