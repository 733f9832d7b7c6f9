import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A builder's result in a round as an in-toto link of the old form, as the builder signed it. */
@Entity('link')
export class LinkEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'link_pk' })
  round!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'link_pk' })
  builder!: string;

  /** Canonical JSON. */
  @Column('text')
  body!: string;
}
