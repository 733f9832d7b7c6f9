import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import {
  AccessTokenId,
  CreateToken,
  ROUTES,
  type AccessTokenList,
  type AccessTokenView,
  type CreatedToken,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from './access.decorator.js';
import { TokensService } from './tokens.service.js';

/** Access tokens over HTTP. Who has them is nobody else's business: these reads are not public. */
@Controller(ROUTES.tokens)
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  /** Makes a token, and tells it this once. */
  @Post()
  @Access('admin')
  create(@Body(new ZodPipe(CreateToken)) request: CreateToken): Promise<CreatedToken> {
    return this.tokens.create(request);
  }

  /** Lists all tokens, newest first. */
  @Get()
  @Access('admin')
  async list(): Promise<AccessTokenList> {
    return { tokens: [...(await this.tokens.list())] };
  }

  /** Ends a token at once. */
  @Delete(':id')
  @Access('admin')
  revoke(@Param('id', new ZodPipe(AccessTokenId)) id: string): Promise<AccessTokenView> {
    return this.tokens.revoke(id);
  }
}
