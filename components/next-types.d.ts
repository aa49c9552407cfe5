// Declares style sheets and images as modules; Next's own next-env.d.ts exists only after the first build.
import "next/types/global";
