/** Where a time zone is set; `null` where a source could not be read or is not there. */
export interface TimeZoneHints {
  /** The environment's TZ. */
  readonly tz: string | null;
  /** Target of the link /etc/localtime. */
  readonly link: string | null;
  /** Text of /etc/timezone. */
  readonly file: string | null;
}

/**
 * Names the time zone that a process would use. Without any setting that is UTC.
 *
 * Source: tzset(3)
 */
export function timeZoneOf({ tz, link, file }: TimeZoneHints): string {
  const name = (text: string): string => text.replace(/^:/, '').replace(/^.*\/zoneinfo\//, '');
  if (tz !== null && tz !== '') return name(tz);
  if (link?.includes('/zoneinfo/')) return name(link);
  const named = file?.trim() ?? '';
  return named === '' ? 'UTC' : named;
}
