import classes from "../ui/figures.module.css";

/** Stands beside a version that went into production without proof, until another one replaces it. */
export function UnprovenMark({ unproven }: { unproven: boolean }) {
  if (!unproven) return null;
  return (
    <>
      {" "}
      <span className={classes.unproven} title="Released without proof">
        unproven
      </span>
    </>
  );
}
