import { expect, test } from 'vitest';
import { answersSentence } from './answers.js';

test('a report says how many countersigned, and names those who refuse with their reason', () => {
  const countersigned = ['a', 'b'];
  expect(answersSentence({ countersigned, refused: [] }, 3)).toBe(
    '2 of 3 builders countersigned the verdict.',
  );
  const refused = [{ builder: 'r6543-nyx3a-2r4kv', reason: 'recomputed-otherwise', message: '' }];
  expect(answersSentence({ countersigned: [], refused }, 3)).toBe(
    '0 of 3 builders countersigned the verdict; refused by r6543-nyx3a (recomputed-otherwise).',
  );
});
