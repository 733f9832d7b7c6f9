import { z } from 'zod';

/** An environment file: any JSON object; nested objects become dotted names. */
export const EnvironmentFile = z.record(z.string(), z.unknown());
export type EnvironmentFile = z.infer<typeof EnvironmentFile>;
