import { useId, type ReactNode } from 'react';
import { clusterClass } from './cluster-letter.js';
import type { ClusterDrawing } from './drawing.js';

/** Bars of clusters with the line that has to be reached; told in words to those who do not see it. */
export function ClusterBars({ drawing }: { readonly drawing: ClusterDrawing }): ReactNode {
  const id = useId();
  const { width, height, rowHeight, threshold } = drawing;
  return (
    <svg
      className="cluster-bars"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-labelledby={id}
      focusable="false"
    >
      <title id={id}>{drawing.text}</title>
      {drawing.clusters.map((cluster, at) => (
        <g key={cluster.letter} className={clusterClass(at)}>
          <text className="bar-letter" x={8} y={cluster.top + rowHeight / 2 + 1}>
            {cluster.letter}
          </text>
          {cluster.segments.map((segment) => (
            <rect
              key={segment.left}
              className={cluster.isExpected ? 'bar is-expected' : 'bar'}
              x={segment.left}
              y={cluster.top + 3}
              width={Math.max(segment.width, 1)}
              height={rowHeight - 8}
              rx={2}
            />
          ))}
          <text className="bar-count" x={cluster.right + 5} y={cluster.top + rowHeight / 2 + 1}>
            {cluster.count}
            {cluster.isExpected ? ' ✓' : ''}
          </text>
        </g>
      ))}
      <line className="bar-threshold" x1={threshold.left} x2={threshold.left} y1={14} y2={height} />
      <text className="bar-needed" x={threshold.left} y={10}>
        {threshold.needed} needed
      </text>
    </svg>
  );
}
