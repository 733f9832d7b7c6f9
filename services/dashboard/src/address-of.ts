/** Takes a page's address apart, whatever a reader asked for: all of it is a path and a query here. */
export function addressOf(url: string): URL {
  // As a reference `//name` would be a host, and of some of them no URL can be made.
  return new URL(`http://page.invalid${url.startsWith('/') ? '' : '/'}${url}`);
}
