// The direction of imports, each rule with its remedy. `npm run arch` checks it.
const own = "^(app|bin|cli|components|lib|optimizer|prisma|scripts|workbench|workflows)/";
const tests = "(\\.(test|contract|spec)\\.tsx?$|/testing/)";

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      comment:
        "Files that import each other cannot be understood alone. Move what both need into a third file.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "domain-knows-nothing",
      severity: "error",
      comment:
        "lib/domain holds types and rules and imports only zod. Move the import to the caller.",
      from: { path: "^lib/domain/", pathNot: tests },
      to: { path: own, pathNot: "^lib/domain/" },
    },
    {
      name: "pure-kernels",
      severity: "error",
      comment:
        "lib/pareto, lib/stats and lib/genome are pure: domain types and seeded draws at most.",
      from: { path: "^lib/(pareto|stats|genome)/", pathNot: tests },
      to: { path: own, pathNot: "^lib/(pareto|stats|genome|domain)/|^lib/(random|errors)\\.ts$" },
    },
    {
      name: "template-stands-alone",
      severity: "error",
      comment: "lib/template could be a package of its own: it imports nothing of the product.",
      from: { path: "^lib/template/", pathNot: tests },
      to: { path: own, pathNot: "^lib/template/" },
    },
    {
      name: "clients-stand-alone",
      severity: "error",
      comment:
        "A client is copied into other people's programs: it imports nothing of the product.",
      from: { path: "^clients/", pathNot: tests },
      to: { path: own },
    },
    {
      name: "prisma-only-in-db",
      severity: "error",
      comment: "Only lib/db talks to Prisma; write a function there and import that.",
      from: { pathNot: "^(lib/db|prisma|tests)/|^prisma\\.config\\.ts$" },
      to: { path: "^lib/db/generated/|@prisma/client" },
    },
    {
      name: "lib-below-everything",
      severity: "error",
      comment:
        "lib is used by app, cli and optimizer and knows none of them. Pass what is needed as an option.",
      from: { path: "^lib/", pathNot: tests },
      to: { path: "^(app|cli|components|optimizer|scripts|workflows)/" },
    },
    {
      name: "only-the-registry-of-models-knows-the-simulation",
      severity: "error",
      comment:
        "Nothing outside lib/llm/simulated may know that it exists, except the model registry.",
      from: { pathNot: `^lib/llm/(simulated/|models\\.ts$)|${tests}` },
      to: { path: "^lib/llm/simulated/" },
    },
    {
      name: "components-are-for-the-browser",
      severity: "error",
      comment: "Components show what /api/v1 answers; load data there, not from the database.",
      from: { path: "^components/", pathNot: tests },
      to: {
        path: "^(lib/(db|env|http/route|temporal|harness|llm)|optimizer|workflows|workbench)",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "web-never-runs-the-optimizer",
      severity: "error",
      comment: "The web process writes a row and the optimizer finds it.",
      from: { path: "^app/" },
      to: { path: "^(optimizer|workbench|lib/harness|cli)/" },
    },
    {
      name: "the-search-is-deterministic",
      severity: "error",
      comment:
        "The search gets everything through its ports: no database, no node modules, no clock.",
      from: {
        path: "^optimizer/(nsga2|operators|loop|coach)/|^optimizer/(run|prompt-search|measurement|evidence|stop)\\.ts$",
        pathNot: tests,
      },
      to: {
        path: "^lib/(db|env|llm|harness|registry|journal|budget)|@prisma|@temporalio",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "workflows-are-deterministic",
      severity: "error",
      comment:
        "A workflow is replayed: it imports Temporal's workflow package, contracts and pure rules, never the database or node's modules. Do it in an activity.",
      from: {
        path: "^workflows/(all-workflows|optimization-loop|request-generation|execute-benchmark|run-experiment[^/]*|batch-[^/]*)\\.ts$",
      },
      to: {
        path: "^lib/(db|env|llm|harness|registry|journal|budget|log)|@prisma|@temporalio/(activity|client|worker)|^node:",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "web-never-loads-a-worker",
      severity: "error",
      comment:
        "The worker's native part is 150 MB and a process of its own. The web takes lib/temporal and its client at most.",
      from: { path: "^(app|components|lib)/", pathNot: tests },
      to: { path: "@temporalio/(worker|core-bridge|testing)", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nothing-imports-entries",
      severity: "error",
      comment: "Entry points wire; what two of them need belongs into lib.",
      from: { pathNot: `^(bin|scripts|tests|e2e)/|${tests}` },
      to: {
        path: "^(bin/|scripts/|e2e/|optimizer/main\\.ts$|workflows/main\\.ts$|cli/main\\.ts$)",
        pathNot: "^scripts/lib/",
      },
    },
    {
      name: "tests-stay-outside",
      severity: "error",
      comment: "Product code never imports test support.",
      from: { path: own, pathNot: tests },
      to: { path: `^tests/|${tests}` },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(lib/db/generated|\\.next|clients)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".tsx", ".mjs", ".js"],
    },
  },
};
