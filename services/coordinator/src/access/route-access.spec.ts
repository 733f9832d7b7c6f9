import { Controller, Delete, Get, Post } from '@nestjs/common';
import { describe, expect, test } from 'vitest';
import { filesBelow } from '../../../../e2e/docs/pages.js';
import { Access, SignedBody } from './access.decorator.js';
import { openRoutes } from './route-access.service.js';

@Controller('careless')
class CarelessController {
  @Get()
  read(): null {
    return null;
  }
  @Post()
  @Access('rounds')
  asked(): null {
    return null;
  }
  @Post('signed')
  @SignedBody()
  signed(): null {
    return null;
  }
  @Delete(':id')
  forgotten(): null {
    return null;
  }
}

describe('a route that changes something', () => {
  test('and asks nobody who they are is named', () => {
    expect(openRoutes([CarelessController])).toEqual(['CarelessController.forgotten']);
  });

  test.for(filesBelow('services/coordinator/src', '.controller.ts'))('asks in %s', async (file) => {
    const loaded = (await import(/* @vite-ignore */ `../../../../${file}`)) as Record<
      string,
      unknown
    >;
    const controllers = Object.values(loaded).filter((each) => typeof each === 'function');
    expect(controllers.length).toBeGreaterThan(0);
    expect(openRoutes(controllers as never)).toEqual([]);
  });
});
