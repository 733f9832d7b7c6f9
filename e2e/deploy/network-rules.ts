import { z } from 'zod';
import { ofKind, type Manifest } from './manifest.js';

const Selector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(
      z.looseObject({ key: z.string(), operator: z.literal('In'), values: z.array(z.string()) }),
    )
    .default([]),
});
type Selector = z.infer<typeof Selector>;

const Peer = z.looseObject({
  podSelector: Selector.optional(),
  namespaceSelector: Selector.optional(),
  ipBlock: z.looseObject({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});
const Ports = z.array(z.looseObject({ port: z.number(), protocol: z.string() })).default([]);

const Policy = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    podSelector: Selector,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.looseObject({ from: z.array(Peer).min(1), ports: Ports })).default([]),
    egress: z.array(z.looseObject({ to: z.array(Peer).min(1), ports: Ports })).default([]),
  }),
});
export type NetworkPolicy = z.infer<typeof Policy>;
type Labels = Readonly<Record<string, string>>;

/** Reads all network policies. A rule without peers, which would be one for the whole world, is refused. */
export function networkPolicies(manifests: readonly Manifest[]): readonly NetworkPolicy[] {
  return ofKind(manifests, 'NetworkPolicy').map((manifest) => Policy.parse(manifest));
}

/** Tells whether nothing goes in or out of any pod unless another policy says so. */
export function isDeniedByDefault(policies: readonly NetworkPolicy[]): boolean {
  return policies.some(
    ({ spec }) =>
      isEveryPod(spec.podSelector) &&
      spec.policyTypes.length === 2 &&
      spec.ingress.length + spec.egress.length === 0,
  );
}

/** Tells whether pods with some labels may begin a TCP connection to a port of pods with others. */
export function mayReach(
  policies: readonly NetworkPolicy[],
  from: Labels,
  to: Labels,
  port: number,
): boolean {
  const sends = policies
    .filter(({ spec }) => selects(spec.podSelector, from))
    .flatMap(({ spec }) => spec.egress)
    .some(({ to: peers, ports }) => hasPort(ports, port) && peers.some((peer) => isPod(peer, to)));
  const takes = policies
    .filter(({ spec }) => selects(spec.podSelector, to))
    .flatMap(({ spec }) => spec.ingress)
    .some(
      ({ from: peers, ports }) => hasPort(ports, port) && peers.some((peer) => isPod(peer, from)),
    );
  return sends && takes;
}

/** Gives the address blocks that pods with some labels may send to, on a port. */
export function outsideOf(
  policies: readonly NetworkPolicy[],
  from: Labels,
  port: number,
): readonly { readonly cidr: string; readonly except: readonly string[] }[] {
  return policies
    .filter(({ spec }) => selects(spec.podSelector, from))
    .flatMap(({ spec }) => spec.egress)
    .filter(({ ports }) => hasPort(ports, port))
    .flatMap(({ to }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
}

function isPod({ podSelector, namespaceSelector, ipBlock }: z.infer<typeof Peer>, labels: Labels) {
  if (ipBlock !== undefined || namespaceSelector !== undefined) return false;
  return podSelector !== undefined && selects(podSelector, labels);
}

function isEveryPod(selector: Selector): boolean {
  return selects(selector, {});
}

function selects({ matchLabels, matchExpressions }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}

function hasPort(ports: z.infer<typeof Ports>, wanted: number): boolean {
  return ports.some(({ port, protocol }) => port === wanted && protocol === 'TCP');
}
