import cliProgress from "cli-progress";

/** What is done, on standard error: a bar on a terminal, a line now and then elsewhere, nothing when quiet. */
export function trialProgress(
  quiet: boolean,
  what = "trials",
): {
  update: (done: number) => void;
  stop: () => void;
} {
  if (quiet || !process.stderr.isTTY) {
    let told = 0;
    return {
      update: (done) => {
        if (quiet || done - told < 250) return;
        told = done;
        console.error(`${done} ${what} done`);
      },
      stop: () => undefined,
    };
  }
  const bar = new cliProgress.SingleBar({
    format: `{bar} {value} ${what}  {duration_formatted}`,
    stream: process.stderr,
  });
  bar.start(0, 0);
  return {
    update: (done) => {
      bar.setTotal(Math.max(done, bar.getTotal()));
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
