import type { AdminAct } from './admin-act.js';

/** A token that is made by somebody who has one. */
export const ADMIN_ACT: AdminAct = {
  act: 'token-create',
  actor: { kind: 'token', id: '9a8b7c6d5e4f' },
  subject: 'token/1f0c2a4b6d8e',
  detail: { label: 'alice, laptop', scopes: ['rounds'], days: 90, isFirst: false, note: null },
  at: '2026-11-22T09:00:00.000Z',
};
