/**
 * Writes commands by which somebody checks one envelope's signature with nothing of this project:
 * curl, jq, xxd and openssl. `builder`: whose key it is; null for the coordinator.
 */
export function checkCommands(origin: string, sha256: string, builder: string | null): string {
  const key =
    builder === null
      ? `curl -fsS ${origin}/v1/log/key | cut -d+ -f3 | base64 -d | tail -c 32 > key`
      : `curl -fsS ${origin}/v1/keys/${builder} | jq -r .keys.attestation | base64 -d > key   # or from the round's roster`;
  return [
    `curl -fsS ${origin}/v1/attestations/${sha256} > attestation.json`,
    key,
    `{ printf '302a300506032b6570032100' | xxd -r -p; cat key; } > key.der`,
    `type=$(jq -j .envelope.payloadType attestation.json)`,
    `jq -j .envelope.payload attestation.json | base64 -d > body`,
    `{ printf 'DSSEv1 %d %s %d ' "\${#type}" "$type" "$(stat -c%s body)"; cat body; } > pae`,
    `jq -j '.envelope.signatures[0].sig' attestation.json | base64 -d > sig`,
    `openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key.der -in pae -sigfile sig`,
  ].join('\n');
}
