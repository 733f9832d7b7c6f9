/** One gigabyte, as disks and memory are sold. */
export const GB = 1e9;

/** Writes a number of bytes in gigabytes, with one decimal where it has one. */
export function gigabytes(bytes: number | null): string {
  if (bytes === null) return 'an unknown number of GB';
  return `${String(Math.floor(bytes / (GB / 10)) / 10)} GB`;
}
