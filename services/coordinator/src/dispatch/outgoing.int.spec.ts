import { describe, expect, test } from 'vitest';
import { sha256 } from '#libs/encoding';
import { OutgoingEntity } from '#libs/persistence';
import { useDataSource } from '#libs/testing';
import { enqueue, enqueueAll, type Outgoing } from './outgoing.js';

const dataSource = useDataSource();
const now = new Date('2026-01-01T00:00:00Z');
const to = (builders: readonly string[], message: Omit<Outgoing, 'builder'>) =>
  builders.map((builder) => ({ ...message, builder }));

async function stored(round: string): Promise<OutgoingEntity[]> {
  return dataSource().manager.find(OutgoingEntity, { where: { round }, order: { id: 'ASC' } });
}

describe('outgoing messages', () => {
  test('with one body to many builders are one row', async () => {
    const message = { kind: 'to.closed', round: 'one', body: { round: 'one', text: '\n"\\ü' } };
    await enqueueAll(dataSource().manager, to(['b1', 'b2', 'b3'], message), now);
    const [body, subjects] = [JSON.stringify(message.body), ['b1', 'b2', 'b3']];
    const names = subjects.map((builder) => `to.closed.${builder}`);
    expect(await stored('one')).toEqual([
      {
        id: sha256(`${names.join('\n')}\n${body}`),
        ...{ subjects: names.join('\n'), body, round: 'one', createdAt: now, sentAt: null },
        refused: null,
      },
    ]);
  });

  test('that are enqueued again, in one go or later, change nothing', async () => {
    const message = { kind: 'to.closed', round: 'again', body: { round: 'again' } };
    const both = to(['b1', 'b2'], message);
    await enqueueAll(dataSource().manager, both, now);
    const before = await stored('again');
    await enqueueAll(
      dataSource().manager,
      to(['b1', 'b2'], { ...message, body: { round: 'again' } }),
      new Date(),
    );
    await enqueue(dataSource().manager, { ...both[0]!, round: 'single' }, now);
    await enqueue(dataSource().manager, { ...both[0]!, round: 'single' }, new Date());
    expect(before).toHaveLength(1);
    expect(await stored('again')).toEqual(before);
    expect(await stored('single')).toHaveLength(1);
  });

  test('of other kinds, rounds or bodies are rows of their own', async () => {
    const body = { text: 'shared' };
    const messages = [
      { kind: 'to.closed', builder: 'b1', round: 'r1', body },
      { kind: 'to.verdict', builder: 'b1', round: 'r1', body },
      { kind: 'to.closed', builder: 'b2', round: 'r2', body },
      { kind: 'to.closed', builder: 'b3', round: 'r1', body: { text: 'other' } },
    ];
    await enqueueAll(dataSource().manager, messages, now);
    const rows = [...(await stored('r1')), ...(await stored('r2'))];
    expect(rows.map(({ subjects }) => subjects).toSorted()).toEqual([
      'to.closed.b1',
      'to.closed.b2',
      'to.closed.b3',
      'to.verdict.b1',
    ]);
  });

  test('that are none are no statement', async () => {
    await expect(enqueueAll(dataSource().manager, [], now)).resolves.toBeUndefined();
  });
});
