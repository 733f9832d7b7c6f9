/**
 * The NNS functions by number, as far as they are known here.
 *
 * Source: dfinity/ic, rs/nns/governance/proto/ic_nns_governance/pb/v1/governance.proto, NnsFunction
 */
const NAMES: Readonly<Record<number, string>> = {
  1: 'create subnet',
  2: 'add node to subnet',
  3: 'NNS canister install',
  4: 'NNS canister upgrade',
  5: 'bless replica version',
  6: 'recover subnet',
  7: 'update config of subnet',
  8: 'assign node operator id',
  9: 'NNS root upgrade',
  10: 'ICP/XDR conversion rate',
  11: 'deploy GuestOS to all subnet nodes',
  12: 'clear provisional whitelist',
  13: 'remove nodes from subnet',
  14: 'set authorized subnetworks',
  15: 'set firewall config',
  16: 'update node operator config',
  17: 'stop or start NNS canister',
  18: 'remove nodes',
  19: 'uninstall code',
  20: 'update node rewards table',
  21: 'add or remove data centers',
  22: 'update unassigned nodes config (obsolete)',
  23: 'remove node operators',
  24: 'reroute canister ranges',
  25: 'add firewall rules',
  26: 'remove firewall rules',
  27: 'update firewall rules',
  28: 'prepare canister migration',
  29: 'complete canister migration',
  30: 'add SNS wasm',
  31: 'change subnet membership',
  32: 'update subnet type',
  33: 'change subnet type assignment',
  34: 'update SNS wasm SNS subnet ids',
  35: 'update allowed principals',
  36: 'retire replica version',
  37: 'insert SNS wasm upgrade path entries',
  38: 'revise elected GuestOS versions',
  39: 'bitcoin set config',
  40: 'update elected HostOS versions (obsolete)',
  41: 'update nodes HostOS version (obsolete)',
  42: 'hard reset NNS root to version',
  43: 'add API boundary nodes',
  44: 'remove API boundary nodes',
  46: 'update API boundary nodes version (obsolete)',
  47: 'deploy GuestOS to some API boundary nodes',
  48: 'deploy GuestOS to all unassigned nodes',
  49: 'update SSH readonly access for all unassigned nodes',
  50: 'revise elected HostOS versions',
  51: 'deploy HostOS to some nodes',
  52: 'subnet rental request',
};

/** Names an NNS function, or tells its number where the name is not known. */
export function nnsFunctionName(nnsFunction: number): string {
  const name = NAMES[nnsFunction];
  return name === undefined ? `function ${nnsFunction}` : `function ${nnsFunction}, ${name}`;
}
