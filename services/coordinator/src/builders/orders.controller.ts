import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ROUTES, SignedOrder, type Ordered } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { SignedBody } from '../access/access.decorator.js';
import { OrdersService } from './orders.service.js';

/** Where operators order their own builders about. */
@Controller(ROUTES.orders)
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  /** Carries out what an operator signed. */
  @Post()
  @HttpCode(200)
  @SignedBody()
  obey(@Body(new ZodPipe(SignedOrder)) order: SignedOrder): Promise<Ordered> {
    return this.orders.obey(order);
  }
}
