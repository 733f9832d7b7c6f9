import {
  Body,
  Controller,
  Get,
  HttpException,
  HttpStatus,
  Logger,
  Module,
  Post,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PROBLEM_BASE, Problem } from '#libs/contracts';
import { ProblemError } from './problem.js';
import { ProblemFilter, refuseRequest } from './problem.filter.js';
import { ZodPipe } from './zod.pipe.js';

class LibError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const ERRORS: Readonly<Record<string, unknown>> = {
  problem: new ProblemError(HttpStatus.GONE, 'long-gone', 'it went long ago'),
  known: new LibError('NO_SUCH_THING', 'thing "x" is not there'),
  unknown: new LibError('SECRET_BROKEN', 'password is hunter2'),
  inherited: new LibError('constructor', 'password is hunter2'),
  numbered: Object.assign(new Error('password is hunter2'), { code: 42 }),
  teapot: new HttpException('short and stout', 418),
  unavailable: new HttpException('try later', 503),
  plain: new Error('password is hunter2'),
  text: 'password is hunter2',
  nothing: undefined,
  client: Object.assign(new Error('too much'), { statusCode: 413 }),
  server: Object.assign(new Error('password is hunter2'), { statusCode: 502 }),
};

@Controller()
class Thrower {
  @Get('throw/:name')
  throw(): never {
    throw new Error('password is hunter2');
  }

  @Post('echo')
  echo(@Body(new ZodPipe(z.strictObject({ word: z.string() }))) body: { word: string }): unknown {
    return body;
  }
}
for (const [name, error] of Object.entries(ERRORS)) {
  Object.defineProperty(Thrower.prototype, name, {
    value: () => {
      throw error;
    },
  });
  const descriptor = Object.getOwnPropertyDescriptor(Thrower.prototype, name)!;
  Get(`throw/${name}`)(Thrower.prototype, name, descriptor);
}

@Module({ controllers: [Thrower] })
class Throwing {}

let app: NestFastifyApplication;
let url: string;
beforeAll(async () => {
  Logger.overrideLogger(false);
  app = await NestFactory.create<NestFastifyApplication>(
    Throwing,
    new FastifyAdapter({ bodyLimit: 1_000, frameworkErrors: refuseRequest }),
    { logger: false },
  );
  app.useGlobalFilters(new ProblemFilter({ NO_SUCH_THING: HttpStatus.NOT_FOUND }));
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

async function ask(path: string, init?: RequestInit): Promise<Problem & { code: string }> {
  const response = await fetch(`${url}/${path}`, init);
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = z.strictObject(Problem.shape).parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.type.startsWith(`${PROBLEM_BASE}/`)).toBe(true);
  return { ...problem, code: problem.type.slice(PROBLEM_BASE.length + 1) };
}

function post(body: string, type = 'application/json'): Promise<Problem & { code: string }> {
  return ask('echo', { method: 'POST', headers: { 'content-type': type }, body });
}

describe('an error becomes a problem', () => {
  test.each([
    ['problem', 410, 'long-gone', 'Gone', 'it went long ago'],
    ['known', 404, 'no-such-thing', 'Not Found', 'thing "x" is not there'],
    ['teapot', 418, 'i-m-a-teapot', "I'm a Teapot", 'short and stout'],
    ['unavailable', 503, 'service-unavailable', 'Service Unavailable', 'try later'],
    ['client', 413, 'payload-too-large', 'Payload Too Large', 'too much'],
  ])('%s: %i %s', async (name, status, code, title, detail) => {
    expect(await ask(`throw/${name}`)).toMatchObject({ status, code, title, detail });
  });

  test.each(['unknown', 'inherited', 'numbered', 'plain', 'text', 'nothing', 'server', 'other'])(
    '%s is ours: a 500 that tells nothing of itself',
    async (name) => {
      const problem = await ask(`throw/${name}`);
      expect(problem).toMatchObject({ status: 500, code: 'internal' });
      expect(JSON.stringify(problem)).not.toMatch(/hunter2|SECRET|constructor/);
    },
  );
});

describe('what never reaches a handler is a problem too', () => {
  test.each([
    ['a body that is not JSON', '{"word":', 'application/json', 400, 'bad-request'],
    ['an empty body', '', 'application/json', 400, 'bad-request'],
    ['a body of another type', 'word=x', 'text/csv', 415, 'unsupported-media-type'],
    ['a body too large', `"${'x'.repeat(2_000)}"`, 'application/json', 413, 'payload-too-large'],
    ['a body that does not fit', '{"word":1}', 'application/json', 400, 'malformed-request'],
    ['a body that poisons', '{"__proto__":{"x":1}}', 'application/json', 400, 'bad-request'],
  ])('%s', async (_, body, type, status, code) => {
    expect(await post(body, type)).toMatchObject({ status, code });
  });

  test.each([
    ['an unknown path', 'nowhere', 404, 'not-found'],
    ['a path that is no text', 'throw/%zz', 400, 'bad-request'],
  ])('%s', async (_, path, status, code) => {
    expect(await ask(path)).toMatchObject({ status, code });
  });

  test('a method that the path does not have', async () => {
    expect(await ask('echo')).toMatchObject({ status: 404, code: 'not-found' });
  });
});

test('what went wrong with a message is left to those who handle messages', () => {
  const error = new Error('not for HTTP');
  const host = new ExecutionContextHost([]);
  host.setType('rpc');
  expect(() => {
    new ProblemFilter({}).catch(error, host);
  }).toThrow(error);
});

test('what fits is answered', async () => {
  const response = await fetch(`${url}/echo`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"word":"hello"}',
  });
  expect([response.status, await response.json()]).toEqual([201, { word: 'hello' }]);
});
