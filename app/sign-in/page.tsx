import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentUser } from "#app/current-user.ts";
import { SignIn } from "#components/shell/sign-in.tsx";
import { oidcProviderId, oidcSettings } from "#lib/auth/oidc.ts";
import { env } from "#lib/env.ts";

export const metadata: Metadata = { title: "Sign in" };

type Props = { searchParams: Promise<{ error?: string | string[] }> };

export default async function SignInPage({ searchParams }: Props) {
  if ((await currentUser()) !== null) redirect("/");
  const { error } = await searchParams;
  const oidc = oidcSettings(env());
  return (
    <SignIn
      provider={oidc === null ? null : { id: oidcProviderId, name: oidc.name }}
      error={typeof error === "string" ? error : null}
    />
  );
}
