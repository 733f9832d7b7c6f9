import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';

/** How much a service tells on stderr. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Structured logs, one JSON object a line, on stderr: stdout belongs to data. */
export function loggingModule(level: LogLevel, service: string): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: [
      { level, base: { service }, autoLogging: false, quietReqLogger: true },
      process.stderr,
    ],
  });
}
