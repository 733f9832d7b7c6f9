import { EventPattern, Payload, Transport } from '@nestjs/microservices';
import { Controller, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, useConnection, useNats } from '#libs/testing';
import { NatsEventServer } from './index.js';

const url = useNats();
const connection = useConnection(url);
const heard: unknown[] = [];
const flooded: string[] = [];
let close: () => Promise<void>;

@Controller()
class Ear {
  @EventPattern('told.*', Transport.NATS)
  hear(@Payload() data: unknown): { answered: boolean } {
    heard.push(data);
    return { answered: true };
  }
}

@Module({ controllers: [Ear] })
class EarModule {}

beforeAll(async () => {
  Logger.overrideLogger(false);
  const strategy = new NatsEventServer({
    connection: connection(),
    queue: 'ears',
    onFlood: (subject) => flooded.push(subject),
  });
  const app = await NestFactory.createMicroservice(EarModule, { strategy, logger: false });
  await app.listen();
  await connection().flush();
  close = () => app.close();
});
afterAll(async () => {
  await close();
  // It is not the server's to close.
  expect(connection().isClosed()).toBe(false);
});

const count = (data: unknown) => heard.filter((entry) => entry === data).length;

test('an event comes to its handler, and no word goes to where its sender wants one', async () => {
  const words: string[] = [];
  connection().subscribe('to-builder.b2', {
    callback: (_, message) => {
      words.push(message.string());
    },
  });
  for (const extra of [{}, { id: '1' }]) {
    const body = JSON.stringify({ pattern: 'told.b1', data: 'forged', ...extra });
    connection().publish('told.b1', body, { reply: 'to-builder.b2' });
  }
  await eventually(
    'both',
    () => Promise.resolve(count('forged')),
    (found) => found === 2,
  );
  await connection().flush();
  expect(words).toEqual([]);
});

test('one that floods is heard so often a second, and others are heard all the same', async () => {
  const say = (from: string, data: string): void => {
    connection().publish(`told.${from}`, JSON.stringify({ pattern: `told.${from}`, data }));
  };
  for (let sent = 0; sent < 1_000; sent += 1) say('b3', 'flood');
  say('b4', 'honest');
  await eventually(
    'the other',
    () => Promise.resolve(count('honest')),
    (found) => found === 1,
  );
  // The flood may fall into two seconds.
  expect(count('flood')).toBeLessThanOrEqual(40);
  expect(flooded.length).toBeGreaterThanOrEqual(960);
  expect(new Set(flooded)).toEqual(new Set(['told.b3']));
});

test('what is no event is passed over', async () => {
  connection().publish('told.b5', 'not JSON');
  connection().publish('told.b5', JSON.stringify({ pattern: 'told.b5', data: 'after it' }));
  await eventually(
    'the next',
    () => Promise.resolve(count('after it')),
    (found) => found === 1,
  );
});
