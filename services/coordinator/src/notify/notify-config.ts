import { z } from 'zod';

/** How news are told, as variables of the coordinator. */
export const NOTIFY_CONFIG = {
  /** Where mail is handed over, `smtp://` or `smtps://`, with user and password where it asks for them. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s]+$/, 'expected smtp://… or smtps://…')
    .optional(),
  /** From whom mail with news is. */
  NEWS_FROM: z.string().min(3).max(200).default('repro-quorum <news@localhost>'),
  /** Origins that subscribers' URLs may have though they are private or without TLS. */
  NEWS_ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((word) => word.trim()))
    .transform((words) => words.filter((word) => word !== ''))
    .pipe(
      z.array(
        z.string().refine((text) => URL.parse(text)?.origin === text, {
          message: 'expected origins such as http://10.0.0.7:8080',
        }),
      ),
    ),
  /** Seconds before the end of voting from which on it is news that there is no verdict. */
  NEWS_DEADLINE_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(30 * 86_400)
    .default(43_200),
} as const;

export const NotifyConfig = z.object(NOTIFY_CONFIG);
export type NotifyConfig = z.infer<typeof NotifyConfig>;
