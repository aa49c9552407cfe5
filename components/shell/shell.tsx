"use client";

import { AppShell, Burger } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import type { Me } from "#lib/http/shapes/common.ts";
import { meQuery, overviewQuery } from "../data/queries.ts";
import { BrandMark } from "./brand-mark.tsx";
import { Rail } from "./rail.tsx";
import classes from "./shell.module.css";
import { Spend } from "./spend.tsx";
import { UserMenu } from "./user-menu.tsx";

/** The frame of every page: rail, spend, who I am, and a strip when figures are simulated. */
export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure(false);
  const pathname = usePathname();
  const { data: user } = useQuery({ ...meQuery, initialData: me });
  const { data: overview } = useQuery(overviewQuery);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rail closes whenever the page changes.
  useEffect(close, [pathname]);
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !opened } }}
    >
      <AppShell.Header>
        <a className={classes.skip} href="#content">
          Skip to the content
        </a>
        <div className={classes.header}>
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label="Navigation"
          />
          <Link href="/" className={classes.brand}>
            <BrandMark /> Genepool
          </Link>
          <div className={classes.spacer} />
          {overview === undefined ? null : <Spend budget={overview.budget} />}
          <UserMenu user={user} />
        </div>
      </AppShell.Header>
      <AppShell.Navbar>
        <Rail overview={overview} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main} id="content">
        {overview?.simulated ? (
          <div className={classes.strip} role="note">
            Simulated model: runs, costs and latencies come from the built-in stand-in, not from a
            language model.
          </div>
        ) : null}
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
