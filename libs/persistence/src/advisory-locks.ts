/**
 * Every advisory lock that is taken on the database, so that no two have one number: who waits for one
 * would wait for the other. A number is never changed: by it replicas of two versions, of which one is
 * being put in the place of the other, exclude each other.
 */
export const ADVISORY_LOCKS = {
  migration: 7_207_001,
  log: 7_207_002,
  checkpoint: 7_207_003,
  cosigning: 7_207_004,
  registry: 7_207_010,
} as const;
