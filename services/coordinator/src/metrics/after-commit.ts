import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource, EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';

/** Does things once the transaction is committed in which they were decided, and never otherwise. */
@Injectable()
export class AfterCommit implements EntitySubscriberInterface {
  private readonly waiting = new WeakMap<QueryRunner, (() => void)[]>();

  constructor(@InjectDataSource() dataSource: DataSource) {
    dataSource.subscribers.push(this);
  }

  /** Has `work` done after the commit of this manager's transaction; at once where it has none. */
  add({ queryRunner }: EntityManager, work: () => void): void {
    if (queryRunner?.isTransactionActive !== true) {
      work();
      return;
    }
    const works = this.waiting.get(queryRunner) ?? [];
    this.waiting.set(queryRunner, [...works, work]);
  }

  afterTransactionCommit({ queryRunner }: { readonly queryRunner: QueryRunner }): void {
    const works = this.waiting.get(queryRunner) ?? [];
    this.waiting.delete(queryRunner);
    for (const work of works) work();
  }

  afterTransactionRollback({ queryRunner }: { readonly queryRunner: QueryRunner }): void {
    this.waiting.delete(queryRunner);
  }
}
