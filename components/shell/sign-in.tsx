"use client";

import { Alert, Button, Divider, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useRouter } from "next/navigation";
import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { BrandMark } from "./brand-mark.tsx";
import { FrontFigure } from "./front-figure.tsx";
import classes from "./sign-in.module.css";

interface SignInProps {
  /** Where else people may sign in. */
  provider: { id: string; name: string } | null;
  /** Why the last sign-in failed, when it came back to this page. */
  error: string | null;
}

export function SignIn({ provider, error }: SignInProps) {
  return (
    <main className={classes.page}>
      <div className={classes.form}>
        <div className={classes.inner}>
          <div className={classes.brand}>
            <BrandMark size={26} /> Genepool
          </div>
          <Title order={1}>Sign in</Title>
          <SignInForm provider={provider} error={error} />
          <p className={classes.hint}>
            The first administrator&rsquo;s name and password were printed when Genepool first
            started. A new password: <code>npx genepool users reset-password</code>
          </p>
        </div>
      </div>
      <aside className={classes.aside} aria-hidden="true">
        <FrontFigure className={classes.figure} />
        <p className={classes.statement}>
          Prompts that evolve against your benchmarks. Each winner proven on fresh runs, and none
          goes live before a person has read the evidence.
        </p>
      </aside>
    </main>
  );
}

function SignInForm({ provider, error }: SignInProps) {
  const router = useRouter();
  const [failure, setFailure] = useState(error === null ? null : sentenceFor(error));
  const [pending, setPending] = useState(false);
  const submit = async (form: FormData) => {
    setPending(true);
    setFailure(null);
    const answer = await signIn("credentials", {
      redirect: false,
      name: form.get("name"),
      password: form.get("password"),
    });
    if (answer?.ok) {
      router.replace("/");
      return;
    }
    setPending(false);
    setFailure(sentenceFor(answer?.error ?? ""));
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void submit(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="md">
        {failure === null ? null : (
          <Alert color="red" variant="light" role="alert" p="sm">
            {failure}
          </Alert>
        )}
        <TextInput
          name="name"
          label="Name"
          autoComplete="username"
          autoCapitalize="none"
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          name="password"
          label="Password"
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={pending} fullWidth>
          Sign in
        </Button>
        {provider === null ? null : <ProviderButton {...provider} />}
      </Stack>
    </form>
  );
}

function ProviderButton({ id, name }: { id: string; name: string }) {
  const [leaving, setLeaving] = useState(false);
  const leave = () => {
    setLeaving(true);
    void signIn(id, { callbackUrl: "/" });
  };
  return (
    <>
      <Divider label="or" />
      <Button variant="default" onClick={leave} loading={leaving} fullWidth>
        {name}
      </Button>
    </>
  );
}

/** By the code that comes back from the sign-in: ours, or next-auth's own. */
const sentences: ReadonlyMap<string, string> = new Map([
  ["CredentialsSignin", "Name or password is wrong."],
  ["locked", "Too many wrong passwords: this account is locked for up to 15 minutes."],
  ["too-many-requests", "Too many attempts. Try again in a few minutes."],
  ["forbidden", "Sign in from this page, at the address that it is published at."],
  [
    "no-role",
    "None of your groups may use Genepool. An administrator of the groups can change that.",
  ],
  ["disabled", "Your account is disabled. An administrator can enable it."],
  ["name-taken", "Somebody else has your name here. An administrator has to sort it out."],
  ["OAuthSignin", "The identity provider does not answer. The server's log says why."],
  ["OAuthCallback", "The identity provider's answer was not usable. Try once more."],
]);

function sentenceFor(code: string): string {
  return (
    sentences.get(code) ?? "Signing in does not work at the moment. The server's log says why."
  );
}
