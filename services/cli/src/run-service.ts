import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EXIT } from './exit.js';

/**
 * Runs a service to its end and gives its exit code. Services are programs of their own: the command
 * line hands its terminal and its signals to them.
 */
export async function runService(service: 'builder-agent' | 'coordinator'): Promise<number> {
  const entry = fileURLToPath(new URL(`../../${service}/src/main.js`, import.meta.url));
  const child = spawn(process.execPath, [entry], { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  // Only the service knows when it has ended in order.
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  return new Promise<number>((resolve) => {
    child.on('exit', (code) => {
      resolve(code ?? EXIT.interrupted);
    });
  });
}
