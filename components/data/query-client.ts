import { QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api.ts";

/** Pages keep old data while they refresh; only failures that may pass are tried again. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: 1_000,
        refetchOnWindowFocus: true,
        retry: (failures, error) => failures < 2 && mayPass(error),
      },
    },
  });
}

/** The session is over: nothing on the page can be refreshed, so the page goes where it can be renewed. */
function leaveWhenSignedOut(error: Error): void {
  if (error instanceof ApiError && error.status === 401) window.location.assign("/sign-in");
}

function mayPass(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}
