/**
 * Counts the subordinate ids that a user has in the text of /etc/subuid or /etc/subgid. Lines name
 * the user, or its id.
 *
 * Source: subuid(5)
 */
export function countSubordinateIds(text: string, user: string | null, uid: number | null): number {
  const names = [user, uid === null ? null : String(uid)];
  return text
    .split('\n')
    .map((line) => /^([^:]+):\d+:(\d{1,10})$/.exec(line.trim()))
    .filter((match) => match !== null && names.includes(match[1] ?? null))
    .reduce((sum, match) => sum + Number(match?.[2] ?? 0), 0);
}
