import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentUser } from "#app/current-user.ts";
import { SignIn } from "#components/shell/sign-in.tsx";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage() {
  if ((await currentUser()) !== null) redirect("/");
  return <SignIn />;
}
