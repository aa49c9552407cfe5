import { type Command, Option } from "commander";
import { createUser, resetPassword } from "#lib/users/users.ts";
import { withDatabase } from "../database.ts";
import { printJson } from "../output.ts";

/** `genepool users add|reset-password`: passwords are made here and shown once. */
export function addUsersCommand(program: Command): void {
  const users = program.command("users").description("people who may sign in");
  users
    .command("add <name>")
    .addOption(
      new Option("--role <role>", "what they may do")
        .choices(["viewer", "engineer", "admin"])
        .default("viewer"),
    )
    .option("--json", "machine-readable output")
    .addHelpText("after", "\nExample:\n  genepool users add jane --role engineer")
    .action(
      async (name: string, options: { role: "viewer" | "engineer" | "admin"; json?: boolean }) => {
        await withDatabase(async (db) => {
          const { user, password } = await createUser(
            db,
            { name, role: options.role },
            "command line",
          );
          show(user.name, password, options.json);
        });
      },
    );
  users
    .command("reset-password <name>")
    .description("a new password; ends the person's sessions")
    .option("--json", "machine-readable output")
    .action(async (name: string, options: { json?: boolean }) => {
      await withDatabase(async (db) => {
        const { user, password } = await resetPassword(db, name, "command line");
        show(user.name, password, options.json);
      });
    });
}

function show(name: string, password: string, json: boolean | undefined): void {
  if (json) printJson({ name, password });
  else process.stdout.write(`${name} signs in with the password ${password} (shown once).\n`);
}
