"use client";

import { Alert, Button, Group, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue, useHotkeys } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type { PublicPrompt } from "#lib/http/shapes/prompt.ts";
import { savedPrompt } from "#lib/http/shapes/prompt.ts";
import { sendJson } from "../data/api.ts";
import { meQuery, promptQuery, templateCheckQuery } from "../data/queries.ts";
import { Page, Section } from "../ui/page.tsx";
import { EmptyState, QueryView } from "../ui/states.tsx";
import classes from "./edit-prompt.module.css";
import { TemplateVerdict } from "./template-verdict.tsx";

/** How long after the last key the text is checked, in ms. */
const checkAfterMs = 300;

/** Write a new version of a prompt: the text is checked as a save would check it, while it is written. */
export function EditPromptPage({ promptId }: { promptId: string }) {
  const query = useQuery(promptQuery(promptId));
  const { data: me } = useQuery(meQuery);
  const parent = query.data;
  return (
    <Page
      title={parent === undefined ? "New version" : `New version of ${parent.agent_type}`}
      lede={
        parent === undefined ? undefined : (
          <>
            Starts from <Link href={`/prompts/${parent.id}`}>{parent.version}</Link>, which stays as
            it is. The new version is a draft until it is proven and approved.
          </>
        )
      }
    >
      <QueryView query={query} height={480}>
        {(loaded) =>
          me?.role === "viewer" ? (
            <EmptyState title="Not yours to write">An engineer can save new versions.</EmptyState>
          ) : (
            <Editor parent={loaded} />
          )
        }
      </QueryView>
    </Page>
  );
}

function Editor({ parent }: { parent: PublicPrompt }) {
  const router = useRouter();
  const queryClient = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const [content, setContent] = useState(parent.content);
  const [message, setMessage] = useState("");
  const [checked] = useDebouncedValue(content, checkAfterMs);
  const verdict = useQuery(templateCheckQuery(parent.agent_type, checked));
  const save = useMutation({
    mutationFn: () => {
      const { agent_type: agentType, parameters, tools, id } = parent;
      const body = { agentType, content, parameters, tools, parentIds: [id], message };
      return sendJson("POST", "/prompts", body, savedPrompt);
    },
    onSuccess: async ({ prompt, created }) => {
      await queryClient.invalidateQueries();
      notifications.show({
        message: created
          ? `${prompt.agent_type} ${prompt.version} is saved as a draft.`
          : `The same content is ${prompt.agent_type} ${prompt.version} already.`,
      });
      router.push(`/prompts/${prompt.id}`);
    },
  });
  const changed = content !== parent.content;
  const settled = checked === content && verdict.data !== undefined;
  const ready = changed && settled && verdict.data.ok && message.trim() !== "" && !save.isPending;
  useWarningBeforeLeaving(changed && !save.isSuccess);
  useHotkeys([["mod+S", () => ready && save.mutate()]], []);
  return (
    <>
      <Section title="Content" note="Jinja2 template">
        <Textarea
          ref={field}
          label="Template"
          classNames={{ input: classes.text ?? "" }}
          value={content}
          onChange={(event) => setContent(event.currentTarget.value)}
          autosize
          minRows={12}
          maxRows={32}
          spellCheck={false}
          aria-describedby="template-verdict"
        />
        <TemplateVerdict
          id="template-verdict"
          query={verdict}
          onShow={(line, column) => placeCaret(field.current, line, column)}
        />
      </Section>
      <Section title="Save">
        {save.error === null ? null : (
          <Alert color="red" variant="light" role="alert" title="Not saved" mb="sm">
            {save.error.message}
          </Alert>
        )}
        <TextInput
          label="What changed, and why"
          withAsterisk
          placeholder="Kept with the version, for whoever reads its lineage"
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
          maxLength={500}
        />
        <Group mt="md">
          <Button disabled={!ready} loading={save.isPending} onClick={() => save.mutate()}>
            Save as a draft
          </Button>
          <Button component={Link} href={`/prompts/${parent.id}`} variant="default">
            Cancel
          </Button>
          {changed ? null : <span className={classes.hint}>Nothing is changed yet.</span>}
        </Group>
      </Section>
    </>
  );
}

/** The browser asks before a changed text is lost by closing or reloading the page. */
function useWarningBeforeLeaving(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [active]);
}

function placeCaret(field: HTMLTextAreaElement | null, line: number, column: number): void {
  if (field === null) return;
  const lines = field.value.split("\n").slice(0, line - 1);
  const at = lines.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  field.focus();
  field.setSelectionRange(at, at);
}
