// Before any schema is made.
import { zodConfig } from '../zod-without-eval.js';
import type { Question, Told } from './protocol.js';
import { Refusal } from './refusal.js';
import { verifyLogEntry } from './verify-log-entry.js';
import { verifyRound } from './verify-round.js';

const tell = (told: Told): void => {
  postMessage(told);
};

async function answer(question: Question): Promise<void> {
  try {
    const verified =
      question.kind === 'round'
        ? await verifyRound(question.round, question.policy, tell)
        : await verifyLogEntry(question, tell);
    tell({ kind: 'done', verified });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice = error instanceof Refusal ? error.advice : 'Use the command line instead.';
    tell({ kind: 'failed', why, advice });
  }
}

if (zodConfig.jitless === true) {
  addEventListener('message', (event: MessageEvent<Question>) => {
    void answer(event.data);
  });
}
