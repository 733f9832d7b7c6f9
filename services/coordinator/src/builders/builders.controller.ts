import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { BuilderOrderKind, Id } from '#libs/attestation';
import {
  ApproveBuilder,
  BuilderListQuery,
  OrderBuilder,
  ROUTES,
  type BuilderApplicationView,
  type BuilderCredentials,
  type BuilderList,
  type BuilderView,
  type Ordered,
} from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { Access } from '../access/access.decorator.js';
import { AdmissionService } from './admission.service.js';
import { noSuchBuilder } from './builder-problems.js';
import { CredentialsService } from './credentials.service.js';
import { OrdersService } from './orders.service.js';
import { RegistryService } from './registry.service.js';

/** The registry of builders over HTTP. */
@Controller(ROUTES.builders)
export class BuildersController {
  constructor(
    private readonly registry: RegistryService,
    private readonly credentials: CredentialsService,
    private readonly admission: AdmissionService,
    private readonly orders: OrdersService,
  ) {}

  /** Lists builders by id. */
  @Get()
  list(@Query(new ZodPipe(BuilderListQuery)) query: BuilderListQuery): Promise<BuilderList> {
    return this.registry.list(query);
  }

  /** How one builder stands. */
  @Get(':builder')
  async find(@Param('builder', new ZodPipe(Id)) builder: string): Promise<BuilderView> {
    const found = await this.registry.find(builder);
    if (found === null) throw noSuchBuilder(builder);
    return found;
  }

  /** What a builder signs in to NATS with. */
  @Get(':builder/credentials')
  credentialsOf(@Param('builder', new ZodPipe(Id)) builder: string): Promise<BuilderCredentials> {
    return this.credentials.of(builder, new Date());
  }

  /** What it sent to join, with how its operator is reached: for the group. */
  @Get(':builder/application')
  @Access('builders')
  application(@Param('builder', new ZodPipe(Id)) builder: string): Promise<BuilderApplicationView> {
    return this.registry.application(builder);
  }

  /** Lets it in. */
  @Post(':builder/approve')
  @HttpCode(200)
  @Access('builders')
  approve(
    @Param('builder', new ZodPipe(Id)) builder: string,
    @Body(new ZodPipe(ApproveBuilder)) seen: ApproveBuilder,
  ): Promise<Ordered> {
    return this.admission.admit(builder, seen);
  }

  /** Pauses, resumes, drains, retires or revokes it. */
  @Post(':builder/:order')
  @HttpCode(200)
  @Access('builders')
  order(
    @Param('builder', new ZodPipe(Id)) builder: string,
    @Param('order', new ZodPipe(BuilderOrderKind)) order: BuilderOrderKind,
    @Body(new ZodPipe(OrderBuilder)) { reason }: OrderBuilder,
  ): Promise<Ordered> {
    return this.orders.order(builder, order, reason ?? null);
  }
}
