import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, NatsContext, Payload, Transport } from '@nestjs/microservices';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Progress, SUBJECTS } from '#libs/contracts';
import { RoundBuilderEntity } from '#libs/persistence';

/** Heartbeats and stages. Unsigned and lossy: shown to people, never decided by. */
@Controller()
export class ProgressController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @EventPattern(`${SUBJECTS.progress}.*`, Transport.NATS)
  async progress(@Payload() data: unknown, @Ctx() context: unknown): Promise<void> {
    const parsed = Progress.safeParse(data);
    const subject = context instanceof NatsContext ? context.getSubject() : '';
    if (!parsed.success || !subject.endsWith(`.${parsed.data.builder}`)) return;
    const { round, builder, stage, percent } = parsed.data;
    await this.dataSource
      .getRepository(RoundBuilderEntity)
      .update({ round, builder }, { stage, percent, lastSeenAt: new Date() });
  }
}
