import Link from "next/link";
import { usePathname } from "next/navigation";
import type { Overview } from "#lib/http/shapes/overview.ts";
import classes from "./shell.module.css";

export function Rail({ overview }: { overview: Overview | undefined }) {
  return (
    <nav className={classes.rail} aria-label="Main">
      <RailLink href="/" label="Overview" exact />
      <RailLink href="/review" label="Review" count={overview?.reviewCount ?? 0} />
      <RailLink href="/optimizations" label="Optimizations" />
      <RailLink href="/settings" label="Settings" />
      <div className={classes.railLabel}>Agents</div>
      {overview?.agents.map(({ name }) => (
        <RailLink key={name} href={`/agents/${name}`} label={name} />
      ))}
    </nav>
  );
}

interface RailLinkProps {
  href: string;
  label: string;
  count?: number;
  exact?: boolean;
}

function RailLink({ href, label, count = 0, exact = false }: RailLinkProps) {
  const pathname = usePathname();
  const current = pathname === href || (!exact && pathname.startsWith(`${href}/`));
  return (
    <Link href={href} className={classes.link} aria-current={current ? "page" : undefined}>
      {label}
      {count === 0 ? null : (
        <span className={classes.count} title={`${count} waiting`}>
          {count}
        </span>
      )}
    </Link>
  );
}
