import { useSyncExternalStore } from 'react';

const never = (): (() => void) => () => undefined;

/** Tells whether scripts run: false in the HTML that comes, true once the browser has taken it over. */
export function useIsLive(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
