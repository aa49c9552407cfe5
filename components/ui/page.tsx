import { Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./page.module.css";

export interface PageProps {
  title: ReactNode;
  /** One line below the title: what the page answers. */
  lede?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page's content; the landmark `main` around it is the shell's, or of the page itself where there is no shell. */
export function Page({ title, lede, actions, children }: PageProps) {
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <div className={classes.titles}>
          <Title order={1}>{title}</Title>
          {lede === undefined ? null : <div className={classes.lede}>{lede}</div>}
        </div>
        {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export interface SectionProps {
  title: ReactNode;
  /** What the reader must know of the figures: window, source, time. */
  note?: ReactNode;
  /** True for tables and lists that reach the edges. */
  flush?: boolean;
  children: ReactNode;
}

export function Section({ title, note, flush = false, children }: SectionProps) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.sectionHeader}>
        <Title order={2} id={id}>
          {title}
        </Title>
        {note === undefined ? null : <div className={classes.sectionNote}>{note}</div>}
      </div>
      <div className={flush ? classes.flush : classes.sectionBody}>{children}</div>
    </section>
  );
}
