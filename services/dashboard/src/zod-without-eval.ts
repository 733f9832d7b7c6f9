import { config } from 'zod';

/**
 * Schemas that are made after this are read without making code of them: pages forbid that, and each
 * try would be told as a breach of their policy.
 */
export const zodConfig = config({ jitless: true });
