import type { ReactNode } from 'react';
import type { BuilderView } from '#libs/contracts';
import { State, type Tone } from '../../components/state.js';

const TONES: Readonly<Record<BuilderView['status'], Tone>> = {
  applied: 'open',
  active: 'good',
  paused: 'failed',
  draining: 'failed',
  retired: 'plain',
  revoked: 'bad',
};

/** How a builder stands with the coordinator. */
export function BuilderStatus({ status }: { readonly status: BuilderView['status'] }): ReactNode {
  return <State tone={TONES[status]}>{status}</State>;
}

const CALIBRATIONS: Readonly<
  Record<NonNullable<BuilderView['calibration']>['outcome'], readonly [Tone, string]>
> = {
  passed: ['good', 'builds what others reproduced'],
  suspect: ['bad', 'built other bytes: this machine is suspected first'],
  failed: ['failed', 'its calibration failed'],
  none: ['plain', 'nothing to calibrate by'],
};

/** What came of rebuilding what others had reproduced. */
export function CalibrationState(props: {
  readonly calibration: BuilderView['calibration'];
}): ReactNode {
  if (props.calibration === null) return <State tone="plain">never calibrated</State>;
  const [tone, words] = CALIBRATIONS[props.calibration.outcome];
  return <State tone={tone}>{words}</State>;
}
