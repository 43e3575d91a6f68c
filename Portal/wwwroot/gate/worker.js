// Serves the terminal from this device, whether or not there is a network. VERSION and FILES are put before this by the portal: another file
// makes another version. Data never passes through here; it lies in IndexedDB.

const cacheName = `gate-${VERSION}`;

self.addEventListener('install', event =>
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName);
      // All or nothing: a half version is none.
      await cache.addAll(FILES.map(file => new Request(file, { cache: 'reload' })));
      if (!self.registration.active) await self.skipWaiting();
    })(),
  ),
);

self.addEventListener('activate', event =>
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('gate-') && name !== cacheName) await caches.delete(name);
      await self.clients.claim();
    })(),
  ),
);

// The page asks for it when nothing waits to be delivered.
self.addEventListener('message', event => {
  if (event.data === 'take over') self.skipWaiting();
});

self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  const path = url.pathname === '/gate/' ? '/gate/' : url.pathname + url.search;
  if (!FILES.includes(path)) return;
  event.respondWith(
    (async () => {
      const kept = await (await caches.open(cacheName)).match(path);
      return kept ?? fetch(event.request);
    })(),
  );
});
