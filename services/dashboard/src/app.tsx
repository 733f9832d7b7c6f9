import type { ReactNode } from 'react';
import { plain, titleOf } from '#libs/contracts';

export function App(): ReactNode {
  return <p>{plain(titleOf('guestos/update-img'))}</p>;
}
