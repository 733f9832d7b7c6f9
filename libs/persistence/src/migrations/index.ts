import { MainJob1763700000000 } from './0001-main-job.js';

/** Append only: a migration that ran somewhere is never edited. */
export const migrations = [MainJob1763700000000];
