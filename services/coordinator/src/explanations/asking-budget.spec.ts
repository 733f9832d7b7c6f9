import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { AskingBudget } from './asking-budget.js';
import { QuestionFailed } from './question-failed.js';

const NEVER = new AbortController().signal;

function failure(ask: () => void): unknown {
  try {
    ask();
    return null;
  } catch (error) {
    return error;
  }
}

describe('a share of a budget', () => {
  test('ends by itself once its bytes are used up, and may be asked for later', () => {
    const whole = new AskingBudget(NEVER, 60_000, 1000);
    const share = whole.share(4);
    share.spend(250);
    const error = failure(() => {
      share.spend(1);
    });
    expect(error).toMatchObject({ isPassing: true });
    expect(error).toBeInstanceOf(QuestionFailed);
    expect([share.isOver, whole.isOver]).toEqual([true, false]);
    expect(
      failure(() => {
        whole.share(3).spend(249);
      }),
    ).toBeNull();
  });

  test('ends by itself once its time is up', async () => {
    const whole = new AskingBudget(NEVER, 60_000);
    const share = whole.share(60_000);
    if (!share.signal.aborted) await once(share.signal, 'abort');
    expect(
      failure(() => {
        share.requireLeft();
      }),
    ).toMatchObject({ isPassing: true });
    expect(
      failure(() => {
        whole.share(1).requireLeft();
      }),
    ).toBeNull();
  });

  test('ends with the whole', () => {
    const stopping = new AbortController();
    const share = new AskingBudget(stopping.signal, 60_000).share(2);
    stopping.abort();
    expect(share.isOver).toBe(true);
  });
});
