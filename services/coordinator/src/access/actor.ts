import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import type { Actor } from '#libs/attestation';

interface Held {
  actor: Actor | null;
}

const holder = new AsyncLocalStorage<Held>();

/** Who is behind what is being done: null where nobody asked for it, and the coordinator acts by its rules. */
export function currentActor(): Actor | null {
  return holder.getStore()?.actor ?? null;
}

/** Does something in somebody's name, and everything that it calls. */
export function runAs<T>(actor: Actor, work: () => T): T {
  return holder.run({ actor }, work);
}

/** Gives each request a place of its own for its actor: nothing of one request is seen by another. */
export function separateActors(server: FastifyInstance): void {
  server.addHook('onRequest', (_request, _reply, done) => {
    holder.run({ actor: null }, done);
  });
}

/** Names who asks, for the rest of this request. */
export function setActor(actor: Actor): void {
  const held = holder.getStore();
  if (held === undefined) throw new Error('an actor is named only inside of a request');
  held.actor = actor;
}
