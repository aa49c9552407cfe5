import { route } from "#app/services.ts";
import * as endpoints from "#lib/http/endpoints/judges.ts";
import { judgeStandingView } from "#lib/http/views/judge-view.ts";

export const GET = route(endpoints.getJudgeStanding, ({ db, params }) =>
  judgeStandingView(db, params.suite),
);
