const WORD = /(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*"|['"\\])+/gs;

/**
 * Reads a text as lines of words, as a Bourne shell and Bazel's rc files part them: quotes hold
 * words together, a backslash joins lines, `#` at the beginning of a word ends the line. Nothing is
 * expanded.
 *
 * Source: https://bazel.build/run/bazelrc, "bazelrc syntax and semantics"
 */
export function readShellWords(text: string): readonly (readonly string[])[] {
  const lines = text.replaceAll(/\\\r?\n/g, ' ').split('\n');
  return lines.map((line) => {
    const words = line.match(WORD) ?? [];
    const comment = words.findIndex((word) => word.startsWith('#'));
    return words.slice(0, comment < 0 ? undefined : comment).map(unquote);
  });
}

function unquote(word: string): string {
  return word.replaceAll(/\\(.)|['"]/gs, '$1');
}
