/* Web push only: shows a notice and opens it. Nothing is cached and no request is touched. */
self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data ? event.data.json() : {};
  } catch {
    said = {};
  }
  const title = typeof said.title === "string" && said.title ? said.title : "城运 Chengyun";
  event.waitUntil(
    self.registration.showNotification(title, {
      body: typeof said.body === "string" ? said.body : "",
      tag: typeof said.tag === "string" ? said.tag : undefined,
      icon: "/favicon.svg",
      requireInteraction: said.level === 1 || said.level === 2,
      data: { link: typeof said.link === "string" ? said.link : "" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const here = self.location.origin;
  let target = new URL("/notices", here);
  try {
    const asked = new URL(event.notification.data?.link || "/notices", here);
    // The path alone: a notice opens this site and no other.
    target = new URL(asked.pathname + asked.search, here);
  } catch {
    target = new URL("/notices", here);
  }
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((windows) => {
      const open = windows.find((one) => new URL(one.url).origin === here);
      if (!open) return self.clients.openWindow(target.href);
      return open.focus().then((one) => one.navigate(target.href).catch(() => undefined));
    }),
  );
});
