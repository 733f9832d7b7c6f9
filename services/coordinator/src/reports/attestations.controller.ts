import { Controller, Get, Param } from '@nestjs/common';
import { Sha256Text } from '#libs/attestation';
import { ROUTES, type LoggedAttestation } from '#libs/contracts';
import { ZodPipe } from '#libs/platform';
import { AttestationReaderService } from './attestation-reader.service.js';

/** Single envelopes: also how a builder asks whether the log has what it sent. */
@Controller(ROUTES.attestations)
export class AttestationsController {
  constructor(private readonly attestations: AttestationReaderService) {}

  @Get(':sha256')
  one(@Param('sha256', new ZodPipe(Sha256Text)) sha256: string): Promise<LoggedAttestation> {
    return this.attestations.byDigest(sha256);
  }
}
