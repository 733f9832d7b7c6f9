import type { KeyEvent, KeySet } from '#libs/attestation';
import { plain } from '#libs/contracts';

/** Lists everything of a record that becomes public for ever, a line each. */
export function recordText({ kind, said }: KeyEvent): string {
  const { operator, builder } = said;
  const lines: [string, string][] = [
    ['operator', operator.id],
    ["operator's name", operator.name],
    ["operator's key", operator.publicKey],
    ['builder', builder],
  ];
  switch (kind) {
    case 'enrolment':
      lines.push(...keyLines(said.keys), periodLine(said));
      break;
    case 'rotation':
      lines.push(['key that ends', said.oldKey], ...keyLines(said.keys), periodLine(said));
      lines.push(['reason', said.reason]);
      lines.push(['signed by the old key', said.proofs.old === null ? 'no' : 'yes']);
      break;
    case 'revocation':
      lines.push(['key that ends', said.key], ['reason', said.reason], ['since', said.since]);
      if (said.sinceIndex !== undefined) lines.push(['void from index', `${said.sinceIndex}`]);
  }
  const rows = lines.map(([name, value]) => `  ${name.padEnd(22)} ${plain(value, 300)}`);
  return [`${kind} of builder ${builder}`, ...rows].join('\n');
}

function keyLines({ attestation, witness, nats }: KeySet): [string, string][] {
  return [
    ['attestation key', attestation],
    ['witness key', witness],
    ['NATS key', nats],
  ];
}

function periodLine(said: { validFrom: string; validUntil: string }): [string, string] {
  return ['valid', `${said.validFrom} until ${said.validUntil}`];
}
