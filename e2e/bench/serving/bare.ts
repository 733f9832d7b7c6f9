import Fastify from 'fastify';
import { readFile } from 'node:fs/promises';

/** Serves the bytes of one file on every path, and does nothing else: `bare.js FILE TYPE [CODING]`. */
const [path = '', type = '', coding] = process.argv.slice(2);
const bytes = await readFile(path);
const server = Fastify();
server.get('/*', (_request, reply) => {
  void reply.header('content-type', type);
  if (coding !== undefined) void reply.header('content-encoding', coding);
  return reply.send(bytes);
});
process.stderr.write(`listening on ${await server.listen({ port: 0, host: '127.0.0.1' })}\n`);
