import { z } from 'zod';
import { Id, Label } from '#libs/attestation';

/** A roster file: who may be invited or counted. Kept by the group, checked by whoever tallies. */
export const RosterFile = z.strictObject({
  operators: z
    .array(
      z.strictObject({
        operator: Id,
        name: Label.optional(),
        /**
         * The operator's own Ed25519 key: PEM, or base64 of its 32 raw bytes. With it the operator
         * enrols, rotates and revokes its builders' keys; without it nobody does.
         */
        publicKey: z.string().min(44).max(400).optional(),
        builders: z
          .array(
            z.strictObject({
              /** The principal of the key; may be left out, it follows from the key. */
              builder: Id.optional(),
              /** Ed25519 public key: PEM, or base64 of its 32 raw bytes. */
              publicKey: z.string().min(44).max(400),
              /**
               * As a RoundOpen lists it: the log index of the record that gave a builder, whose id is
               * its first key's, this key.
               */
              keyIndex: z.number().int().min(0).optional(),
            }),
          )
          .min(1)
          .max(64),
      }),
    )
    .max(256),
});
export type RosterFile = z.infer<typeof RosterFile>;
