import { z } from 'zod';

/** Whose post: an operator of the round; the group's where it is left out. */
export const PostQuery = z.object({ member: z.string().min(1).max(200).optional() });
export type PostQuery = z.infer<typeof PostQuery>;

/** The same of the text for chats; `for=discord` bounds it to one message there. */
export const PostTextQuery = PostQuery.extend({ for: z.literal('discord').optional() });
export type PostTextQuery = z.infer<typeof PostTextQuery>;
