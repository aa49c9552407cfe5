/** Two strands that cross: the gene pool. */
export function BrandMark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path
        d="M5 1c0 6 10 5.5 10 9S5 13 5 19"
        stroke="var(--gp-accent)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <path
        d="M15 1c0 6-10 5.5-10 9s10 3 10 9"
        stroke="var(--gp-chart-3)"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
