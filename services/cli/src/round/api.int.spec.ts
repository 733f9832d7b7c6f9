import { z } from 'zod';
import { expect, test } from 'vitest';
import { Api, CoordinatorAway } from './api.js';

test('where no coordinator answers, one is named first: not everybody has a checkout', async () => {
  const asked = new Api('http://127.0.0.1:1').get('v1/rounds', z.unknown());
  await expect(asked).rejects.toThrow(CoordinatorAway);
  await expect(asked).rejects.toMatchObject({
    hint: expect.stringMatching(
      /^name one with --coordinator URL .*in a checkout `\.\/run up`/,
    ) as unknown,
  });
});
