import { EXIT } from '../exit.js';

/** A signal that aborts when the user, or the system, wants the command to end. */
export interface Interruption {
  readonly signal: AbortSignal;
  end(): void;
}

/**
 * Lets a command end in order: builds are stopped and folders removed before the process goes. Who
 * asks a second time does not want to wait for that.
 */
export function interruptible(): Interruption {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new Error('interrupted'));
  };
  const earlier = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, stop);
      for (const listener of earlier) process.on('SIGINT', listener);
    },
  };
}
