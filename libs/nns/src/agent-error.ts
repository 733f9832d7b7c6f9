import {
  AgentError,
  CertificateNotAuthorizedErrorCode,
  CertificateOutdatedErrorCode,
  CertificateTimeErrorCode,
  HttpErrorCode,
  MissingSignatureErrorCode,
  QuerySignatureVerificationFailedErrorCode,
  TimeoutWaitingForResponseErrorCode,
  TransportError,
  UnexpectedErrorCode,
} from '@dfinity/agent';
import { NnsError } from './error.js';

/**
 * Sorts what the stock agent throws. Whatever is no transport failure counts as an answer without
 * proof, never the other way round; and a host that is merely away is never called an attacker.
 * `subject` names what was being checked, for the message.
 */
export function toNnsError(error: unknown, subject: string): NnsError {
  if (error instanceof NnsError) return error;
  if (!(error instanceof AgentError)) {
    return new NnsError('UNCERTIFIED', `${subject} is malformed`, { cause: error });
  }
  if (error.code instanceof UnexpectedErrorCode && error.code.error instanceof NnsError) {
    return error.code.error;
  }
  if (error.hasCode(CertificateTimeErrorCode) || error.hasCode(CertificateOutdatedErrorCode)) {
    return new NnsError(
      'CERTIFICATE_OUTDATED',
      `${subject} was signed more than 5 minutes away from this machine's time: set the clock, or ask another host`,
      { cause: error },
    );
  }
  const away = describeAbsence(error);
  return away === null
    ? new NnsError('UNCERTIFIED', `${subject} ${describeDefect(error)}`, { cause: error })
    : new NnsError('UNREACHABLE', away, { cause: error });
}

function describeAbsence(error: AgentError): string | null {
  if (error.code instanceof HttpErrorCode) {
    return `replica answers with HTTP status ${error.code.status}: try later, or another host`;
  }
  const isAway =
    error instanceof TransportError ||
    error.hasCode(TimeoutWaitingForResponseErrorCode) ||
    // The stock agent says so of a query when the host does not answer the question for node keys.
    error.hasCode(MissingSignatureErrorCode);
  return isAway ? 'replica does not answer: check the network and the host' : null;
}

function describeDefect(error: AgentError): string {
  if (error.hasCode(CertificateNotAuthorizedErrorCode)) {
    return 'is signed by a subnet that does not run this canister';
  }
  if (error.hasCode(QuerySignatureVerificationFailedErrorCode)) {
    return "does not carry a valid signature of one of the subnet's nodes";
  }
  return 'does not verify against the root key: the answer cannot be trusted; if the host is right, check the root key';
}
