import { Injectable } from '@nestjs/common';

/** Time and chance, as news are told by them. */
@Injectable()
export class NewsClock {
  now(): Date {
    return new Date();
  }

  /** At least 0, less than 1. */
  random(): number {
    return Math.random();
  }
}
