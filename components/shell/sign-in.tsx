"use client";

import { Alert, Button, PasswordInput, Stack, TextInput, Title } from "@mantine/core";
import { useRouter } from "next/navigation";
import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { BrandMark } from "./brand-mark.tsx";
import { FrontFigure } from "./front-figure.tsx";
import classes from "./sign-in.module.css";

export function SignIn() {
  return (
    <main className={classes.page}>
      <div className={classes.form}>
        <div className={classes.inner}>
          <div className={classes.brand}>
            <BrandMark size={26} /> Genepool
          </div>
          <Title order={1}>Sign in</Title>
          <SignInForm />
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

function SignInForm() {
  const router = useRouter();
  const [failure, setFailure] = useState<string | null>(null);
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
    setFailure(sentenceFor(answer?.status, answer?.error));
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
      </Stack>
    </form>
  );
}

function sentenceFor(status: number | undefined, error: string | null | undefined): string {
  if (error === "locked")
    return "Too many wrong passwords: this account is locked for up to 15 minutes.";
  if (status === 401) return "Name or password is wrong.";
  return "Signing in does not work at the moment. The server's log says why.";
}
