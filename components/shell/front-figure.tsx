const dominated = [
  [70, 190],
  [96, 150],
  [118, 205],
  [140, 168],
  [168, 132],
  [186, 190],
  [215, 150],
  [238, 118],
  [262, 172],
  [300, 140],
  [326, 104],
  [352, 150],
  [210, 214],
  [286, 206],
] as const;
const front = [
  [62, 132],
  [104, 98],
  [158, 74],
  [228, 56],
  [318, 44],
  [404, 38],
] as const;

/** A front with the population under it: what the product is about, drawn once. */
export function FrontFigure({ className }: { className?: string | undefined }) {
  return (
    <svg viewBox="0 0 440 250" className={className} fill="none" aria-hidden="true">
      <path d="M40 16v210h384" stroke="var(--gp-line-strong)" />
      <path
        d={front.map(([x, y], at) => (at === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join("")}
        stroke="var(--gp-chart-1)"
        strokeWidth="1.5"
      />
      {dominated.map(([x, y]) => (
        <circle key={`${x}-${y}`} cx={x} cy={y} r="4" stroke="var(--gp-chart-muted)" />
      ))}
      {front.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="5" fill="var(--gp-chart-1)" />
      ))}
      <path d="M228 45l11 11-11 11-11-11z" fill="var(--gp-status-production)" />
      <text x="44" y="14" fontSize="11" fill="var(--gp-text-dim)">
        success
      </text>
      <text x="424" y="242" fontSize="11" textAnchor="end" fill="var(--gp-text-dim)">
        cost
      </text>
    </svg>
  );
}
