/** What GitHub's identity token says of a run, under the names of Fulcio's directory. */
export interface Claims {
  readonly legacyIssuer: string;
  readonly legacyTrigger: string;
  readonly legacyCommit: string;
  readonly legacyWorkflowName: string;
  readonly legacyRepository: string;
  readonly legacyRef: string;
  readonly issuer: string;
  readonly signerUri: string;
  readonly signerCommit: string;
  readonly runner: string;
  readonly repositoryUri: string;
  readonly commit: string;
  readonly ref: string;
  readonly repositoryId: string;
  readonly ownerUri: string;
  readonly ownerId: string;
  readonly configUri: string;
  readonly configCommit: string;
  readonly trigger: string;
  readonly runUrl: string;
  readonly visibility: string;
}

/** The last arc of each claim. Source: sigstore/fulcio docs/oid-info.md */
const ARCS: Readonly<Record<keyof Claims, number>> = {
  legacyIssuer: 1,
  legacyTrigger: 2,
  legacyCommit: 3,
  legacyWorkflowName: 4,
  legacyRepository: 5,
  legacyRef: 6,
  issuer: 8,
  signerUri: 9,
  signerCommit: 10,
  runner: 11,
  repositoryUri: 12,
  commit: 13,
  ref: 14,
  repositoryId: 15,
  ownerUri: 16,
  ownerId: 17,
  configUri: 18,
  configCommit: 19,
  trigger: 20,
  runUrl: 21,
  visibility: 22,
};
/** Up to here a claim's text stands bare in its extension; later ones are DER UTF8Strings. */
const LAST_BARE_ARC = 6;

/** An extension as the certificate authority of `@sigstore/mock` takes it. */
export interface Extension {
  readonly oid: string;
  readonly value: string;
  readonly legacy: boolean;
}

/** Writes claims as certificate extensions; one that is null is left out. */
export function toExtensions(
  claims: Readonly<Record<keyof Claims, string | null>>,
): readonly Extension[] {
  return Object.entries(ARCS).flatMap(([name, arc]) => {
    const value = claims[name as keyof Claims];
    if (value === null) return [];
    return [{ oid: `1.3.6.1.4.1.57264.1.${arc}`, value, legacy: arc <= LAST_BARE_ARC }];
  });
}
