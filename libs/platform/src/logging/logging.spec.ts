import { pino } from 'pino';
import { expect, test } from 'vitest';
import { withLogFields } from './log-fields.js';
import { logOptions } from './logging.js';

test('each line says what it is about, however deep it is logged, and no secret', async () => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino(logOptions('info', 'spec', { builder: 'b1' }), {
    write: (line: string) => {
      lines.push(JSON.parse(line) as Record<string, unknown>);
    },
  });
  const say = async (text: string): Promise<void> => {
    await Promise.resolve();
    logger.warn({ context: 'Speaker' }, text);
  };
  await Promise.all([
    withLogFields({ round: 'one' }, () => say('first')),
    withLogFields({ round: 'two', builder: 'b2' }, () => say(`with rqt_${'ab'.repeat(20)}`)),
    say('third'),
  ]);
  expect(
    lines.map(({ service, round, builder, context, msg }) => [
      ...[service, round, builder, context, msg],
    ]),
  ).toEqual([
    ['spec', 'one', 'b1', 'Speaker', 'first'],
    ['spec', 'two', 'b2', 'Speaker', 'with rq*_[struck]'],
    ['spec', undefined, 'b1', 'Speaker', 'third'],
  ]);
});
