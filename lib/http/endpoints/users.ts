import { userPatch } from "#lib/users/change-user.ts";
import { newUser } from "#lib/users/users.ts";
import { endpoint } from "../endpoint.ts";
import { userListQuery, userParams } from "../requests.ts";
import { newPasswordAnswer, newUserAnswer, userPage, userShape } from "../shapes/access.ts";

const group = "Users";
const access = { role: "admin", scope: "admin" } as const;

export const listUsers = endpoint({
  id: "listUsers",
  method: "GET",
  path: "/users",
  group,
  summary: "People who may sign in, by name",
  access,
  query: userListQuery,
  answers: { 200: { description: "One page.", schema: userPage } },
  refusals: ["not-found"],
});

export const createUser = endpoint({
  id: "createUser",
  method: "POST",
  path: "/users",
  group,
  summary: "Let a person sign in by a password that is made here and answered once",
  access,
  body: newUser,
  idempotent: true,
  tellsOnce: ["password"],
  answers: { 201: { description: "The user and the password.", schema: newUserAnswer } },
  refusals: ["conflict"],
});

export const updateUser = endpoint({
  id: "updateUser",
  method: "PATCH",
  path: "/users/{name}",
  group,
  summary: "Change a person's role, or shut them out and in again",
  description:
    "Who is shut out loses every session at once. Refused with `conflict` for the only administrator, and for the role of a person whose groups at the identity provider decide it.",
  access,
  params: userParams,
  body: userPatch,
  answers: { 200: { description: "The user after the change.", schema: userShape } },
  refusals: ["not-found", "conflict"],
});

export const resetUserPassword = endpoint({
  id: "resetUserPassword",
  method: "POST",
  path: "/users/{name}/reset-password",
  group,
  summary: "A new password, answered once; unlocks the account and ends its sessions",
  access,
  params: userParams,
  answers: { 200: { description: "The user and the password.", schema: newPasswordAnswer } },
  refusals: ["not-found", "conflict"],
});

export const endUserSessions = endpoint({
  id: "endUserSessions",
  method: "POST",
  path: "/users/{name}/end-sessions",
  group,
  summary: "End every session of a person, who may sign in again",
  access,
  params: userParams,
  answers: { 200: { description: "The user.", schema: userShape } },
  refusals: ["not-found"],
});
