const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Writes a moment as everybody reads it alike: `2026-11-22 04:34 UTC`. An unreadable one as it stands. */
export function momentText(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at.slice(0, 40);
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Writes how long something takes, in its two largest units: `3 d 4 h`, `12 min`, `40 s`. */
export function durationText(ms: number): string {
  const whole = Math.max(0, ms);
  const days = Math.floor(whole / DAY_MS);
  const hours = Math.floor((whole % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((whole % HOUR_MS) / MINUTE_MS);
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min`;
  return `${Math.floor(whole / 1000)} s`;
}
