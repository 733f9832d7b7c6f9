import { Envelope } from '#libs/attestation';

/** A round file: the coordinator's signed RoundOpen envelope, as `round show --open` prints it. */
export const RoundFile = Envelope;
