/** What a stranger says: markup that would run, a name that reads backwards, what terminals obey. */
export const EVIL =
  '</script><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>\u202egnp.exe\u001b[31m\u0007';
/** As much of it as a name may hold. */
export const NAME = EVIL.slice(0, EVIL.indexOf('\u202e'));
export const MEGABYTE = `${EVIL}${'x'.repeat(1 << 20)}`;
/** What turns lines round, and what terminals obey; none of it is ever shown. */
export const UNSAFE = /[\u202a-\u202e\u2066-\u2069\u001b\u0007]/;
/** What runs in a page and tells whether it obeyed any of it. */
export const IS_OWNED = `document.title === 'owned' || document.querySelector('img, #root script') !== null`;
