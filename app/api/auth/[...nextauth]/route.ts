import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { log, nextAuthOptions } from "#app/services.ts";
import { createSignInGuard } from "#lib/auth/guard-sign-in.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

const guard = createSignInGuard(log);

export function GET(request: NextRequest, context: Context): Promise<Response> {
  return NextAuth(request, context, nextAuthOptions());
}

export async function POST(request: NextRequest, context: Context): Promise<Response> {
  return (await guard(request)) ?? NextAuth(request, context, nextAuthOptions());
}
