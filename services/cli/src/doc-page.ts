/** Where the pages are read: neither the one file nor the package brings them along. */
const DOCS = 'https://repro-quorum.dev/docs';

/** Gives the address of a page of `docs/`, by its name without `.md`. */
export function docPage(name: string): string {
  return `${DOCS}/${name}`;
}
