import {
  AgentError,
  CborDecodeErrorCode,
  CertificateNotAuthorizedErrorCode,
  CertificateOutdatedErrorCode,
  CertificateTimeErrorCode,
  HttpErrorCode,
  HttpFetchErrorCode,
  IngressExpiryInvalidErrorCode,
  MalformedPublicKeyErrorCode,
  MalformedSignatureErrorCode,
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
  const wrapped = unwrap(error);
  if (wrapped !== null) return wrapped;
  if (isAboutTime(error)) {
    return new NnsError(
      'CERTIFICATE_OUTDATED',
      `${subject} or its request is more than 5 minutes away from the other side's time: set this machine's clock, or ask another host`,
      { cause: error },
    );
  }
  const away = describeAbsence(error);
  return away === null
    ? new NnsError('UNCERTIFIED', `${subject} ${describeDefect(error)}`, { cause: error })
    : new NnsError('UNREACHABLE', away, { cause: error });
}

/** Finds an error of our own that passed through the agent: of its fetch, or of its key lookup. */
function unwrap({ code }: AgentError): NnsError | null {
  const isWrapper = code instanceof UnexpectedErrorCode || code instanceof HttpFetchErrorCode;
  return isWrapper && code.error instanceof NnsError ? code.error : null;
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

function isAboutTime(error: AgentError): boolean {
  return (
    error.hasCode(CertificateTimeErrorCode) ||
    error.hasCode(CertificateOutdatedErrorCode) ||
    error.hasCode(IngressExpiryInvalidErrorCode)
  );
}

function describeDefect(error: AgentError): string {
  if (error.hasCode(CertificateNotAuthorizedErrorCode)) {
    return 'is signed by a subnet that does not run this canister';
  }
  if (error.hasCode(MalformedSignatureErrorCode)) return 'carries no signature of a node';
  if (error.hasCode(MalformedPublicKeyErrorCode)) {
    return 'is signed by a node that the subnet does not have';
  }
  if (error.hasCode(QuerySignatureVerificationFailedErrorCode)) {
    return 'carries a signature that its node never made';
  }
  if (error.hasCode(CborDecodeErrorCode)) {
    return 'is not CBOR: a proxy or a login page may have answered in the place of a replica';
  }
  return 'does not verify against the root key: do not trust it; if the host is right, check the root key';
}
