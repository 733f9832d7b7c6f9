export { Capabilities, ExclusiveHours, Tag, Tags } from '#libs/attestation';
