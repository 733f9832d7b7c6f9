import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AnswerServer } from './answer-server.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Has a server give kept answers before any framework sees the request. Only where callers are who their
 * connection says: behind a proxy a hook of the framework does it, which knows for whom a request counts.
 */
export function answerFirst(server: Server, answers: AnswerServer): void {
  const handlers = server.listeners('request') as Handler[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (answers.answer(request, response, request.socket.remoteAddress ?? '')) return;
    for (const handle of handlers) handle.call(server, request, response);
  });
}
