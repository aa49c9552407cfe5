import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { currentUser } from "#app/current-user.ts";
import { Shell } from "#components/shell/shell.tsx";

export default async function ProductLayout({ children }: { children: ReactNode }) {
  const user = await currentUser();
  if (user === null) redirect("/sign-in");
  const { name, displayName, role } = user;
  return <Shell me={{ name, displayName, role }}>{children}</Shell>;
}
