import type { ReactNode } from 'react';
import './clusters.css';

/** Colours there are for clusters; those after them share the last. */
const COLOURS = 5;

/** The class by which a cluster has its colour, everywhere on the page the same. */
export function clusterClass(at: number): string {
  return `cluster-${Math.min(at, COLOURS)}`;
}

/** The letter of a cluster on its colour. */
export function ClusterLetter(props: { readonly at: number; readonly letter: string }): ReactNode {
  return <b className={`cluster-letter ${clusterClass(props.at)}`}>{props.letter}</b>;
}
