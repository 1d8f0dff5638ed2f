/** Web push in this browser: the worker, the permission, the subscription. */

export type PushState = "cannot" | "denied" | "off" | "on";

export function supported(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** The server's key as the bytes a browser wants. */
export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const plain = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (one) => one.charCodeAt(0));
}

async function worker(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register("/sw.js");
  return navigator.serviceWorker.ready;
}

/** The subscription there is, without asking anybody. */
export async function present(): Promise<PushSubscription | null> {
  if (!supported()) return null;
  const found = await navigator.serviceWorker.getRegistration("/");
  return (await found?.pushManager.getSubscription()) ?? null;
}

/** Ask the person, then the browser; null when the person said no. */
export async function subscribe(key: string): Promise<PushSubscription | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const registration = await worker();
  return registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytesOf(key),
  });
}

/** A name to know this browser by in the settings. */
export function browserName(agent = navigator.userAgent): string {
  const known = [
    ["Edg/", "Edge"],
    ["Firefox/", "Firefox"],
    ["Chrome/", "Chrome"],
    ["Safari/", "Safari"],
  ] as const;
  const name = known.find(([mark]) => agent.includes(mark))?.[1] ?? "Browser";
  const system = /\(([^;)]+)/.exec(agent)?.[1] ?? "";
  return system ? `${name} · ${system}` : name;
}
