import { useEffect, useRef, useState } from 'react';
import type { Question, Told } from './protocol.js';

/** How far verifying is. */
export type Verifying = { readonly kind: 'idle' } | Told;

/** What verifies on a thread of its own, and how far it is. */
export interface Verifier {
  readonly state: Verifying;
  /** Begins anew, and forgets what was asked before. */
  readonly ask: (question: Question) => void;
}

/**
 * Has a question answered on a thread of its own. Its code is loaded with the first question: a reader
 * who verifies nothing loads nothing of it.
 */
export function useVerifying(): Verifier {
  const [state, setState] = useState<Verifying>({ kind: 'idle' });
  const running = useRef<Worker | null>(null);
  const stop = (): void => {
    running.current?.terminate();
    running.current = null;
  };
  useEffect(() => stop, []);
  const ask = (question: Question): void => {
    stop();
    setState({ kind: 'fetching', bytes: 0 });
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    running.current = worker;
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      setState(data);
      if (data.kind === 'done' || data.kind === 'failed') stop();
    };
    worker.onerror = ({ message }) => {
      stop();
      const why = `this browser could not run the verifier${message === '' ? '' : `: ${message}`}`;
      setState({ kind: 'failed', why, advice: 'Use the command line instead.' });
    };
    worker.postMessage(question);
  };
  return { state, ask };
}
