/** Log indices and sizes: bigint in the database, exact numbers here (a log of 2^53 leaves is far). */
export const safeInteger = {
  to: (value: number | null): number | null => value,
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
};
