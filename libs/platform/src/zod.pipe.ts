import { HttpStatus, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { ProblemError } from './problem.js';

/** Reads a request's body, parameter or query by a schema; what does not fit is refused with 400. */
export class ZodPipe<T> implements PipeTransform<unknown, T> {
  constructor(readonly schema: z.ZodType<T>) {}

  transform(value: unknown): T {
    const parsed = this.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new ProblemError(
      HttpStatus.BAD_REQUEST,
      'malformed-request',
      z.prettifyError(parsed.error),
    );
  }
}
