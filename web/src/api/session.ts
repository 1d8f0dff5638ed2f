/** Who is signed in, shared by all screens. */
import { ref } from "vue";
import { api, ask, Problem, type Schemas } from "./client";

export type Session = Schemas["SessionOut"];
export const session = ref<Session | null>(null);

/** The session of this browser, null when nobody is signed in. */
export async function loadSession(): Promise<Session | null> {
  try {
    session.value = await ask<Session>(api.GET("/api/v1/session") as never);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    session.value = null;
  }
  return session.value;
}

export async function signOut(): Promise<void> {
  await api.DELETE("/api/v1/session");
  session.value = null;
}
