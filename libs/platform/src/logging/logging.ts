import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { LoggerOptions } from 'pino';
import { logFields, type LogFields } from './log-fields.js';
import { strikeSecrets } from './secrets.js';

/** How much a service tells on stderr. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How lines are written: with what they are about, and without what looks like a secret. */
export function logOptions(
  level: LogLevel,
  service: string,
  fields: LogFields = {},
): Pick<LoggerOptions, 'level' | 'base' | 'mixin' | 'hooks'> {
  return {
    level,
    base: { service, ...fields },
    mixin: () => ({ ...logFields() }),
    hooks: { streamWrite: strikeSecrets },
  };
}

/**
 * Structured logs, one JSON object a line, on stderr: stdout belongs to data.
 *
 * @param fields - what every line of this process is about
 */
export function loggingModule(
  level: LogLevel,
  service: string,
  fields: LogFields = {},
): DynamicModule {
  const options = logOptions(level, service, fields);
  return LoggerModule.forRoot({
    pinoHttp: [{ ...options, autoLogging: false, quietReqLogger: true }, process.stderr],
  });
}
