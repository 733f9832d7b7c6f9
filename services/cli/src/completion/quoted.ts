/** Quotes a text for shells of the Bourne family. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
