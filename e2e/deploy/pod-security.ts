import type { Container, PodSpec, Workload } from './pods.js';

/** Volumes that the restricted standard allows. */
const VOLUMES = new Set([
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral'],
  ...['persistentVolumeClaim', 'projected', 'secret'],
]);

/**
 * What keeps a workload out of a namespace that enforces the restricted Pod Security Standard, and what
 * this project asks for besides: a root filesystem that nothing writes to, limits, no token of the API.
 *
 * Source: kubernetes.io/docs/concepts/security/pod-security-standards, Restricted
 */
export function podSecurityErrors({ name, pod }: Workload): readonly string[] {
  const containers = [...pod.initContainers, ...pod.containers];
  return [
    ...podErrors(pod),
    ...containers.flatMap((container) => containerErrors(pod, container)),
  ].map((error) => `${name}: ${error}`);
}

function podErrors(pod: PodSpec): readonly string[] {
  const volumes = pod.volumes.flatMap(({ name, ...source }) =>
    Object.keys(source)
      .filter((kind) => !VOLUMES.has(kind))
      .map((kind) => `volume ${name} is a ${kind}`),
  );
  return [
    ...(pod.hostNetwork || pod.hostPID || pod.hostIPC ? ['shares a namespace with its host'] : []),
    ...(pod.automountServiceAccountToken === false ? [] : ['has a token of the API']),
    ...volumes,
  ];
}

function containerErrors(pod: PodSpec, container: Container): readonly string[] {
  const own = container.securityContext;
  const capabilities = own?.capabilities ?? { drop: [], add: [] };
  const seccomp = (own?.seccompProfile ?? pod.securityContext.seccompProfile)?.type;
  const user = own?.runAsUser ?? pod.securityContext.runAsUser;
  const rules: readonly (readonly [boolean, string])[] = [
    [own?.allowPrivilegeEscalation === false, 'may gain privileges'],
    [own?.privileged !== true, 'is privileged'],
    [own?.readOnlyRootFilesystem === true, 'may write to its root filesystem'],
    [(own?.runAsNonRoot ?? pod.securityContext.runAsNonRoot) === true, 'may run as root'],
    [user !== undefined && user > 0, 'names no user'],
    [capabilities.drop.includes('ALL'), 'keeps capabilities'],
    [capabilities.add.every((added) => added === 'NET_BIND_SERVICE'), 'adds capabilities'],
    [seccomp === 'RuntimeDefault' || seccomp === 'Localhost', 'has no seccomp profile'],
    ['cpu', 'memory'].every((what) => what in container.resources.requests)
      ? [true, '']
      : [false, 'requests no processor or no memory'],
    ['memory' in container.resources.limits, 'has no limit of memory'],
  ];
  return rules.filter(([holds]) => !holds).map(([, error]) => `${container.name} ${error}`);
}
