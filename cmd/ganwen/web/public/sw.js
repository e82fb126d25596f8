// Keeps the citizen's page for when there is no network: lists asked for before live in localStorage, the page to show
// them must still open. Nothing that anybody asked or was answered is ever put in this cache.
const store = 'ganwen-page-1'

self.addEventListener('install', (e) => e.waitUntil(caches.open(store).then((c) => c.add('/')).then(() => self.skipWaiting())))

self.addEventListener('activate', (e) => e.waitUntil(
  caches.keys().then((all) => Promise.all(all.filter((k) => k !== store).map((k) => caches.delete(k)))).then(() => self.clients.claim())))

self.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url)
  if (e.request.method !== 'GET' || url.origin !== location.origin) return
  if (url.pathname === '/' && !url.search) e.respondWith(fresh(e.request))
  else if (url.pathname.startsWith('/assets/') || url.pathname === '/icon.svg') e.respondWith(kept(e.request))
})

// fresh asks the network and falls back on what is kept: a new release is seen at once.
async function fresh(request) {
  const cache = await caches.open(store)
  try {
    const answer = await fetch(request)
    if (answer.ok) await cache.put('/', answer.clone())
    return answer
  } catch (error) {
    const old = await cache.match('/')
    if (old) return old
    throw error
  }
}

// kept serves hashed files from the cache; their content never changes under a name.
async function kept(request) {
  const cache = await caches.open(store)
  const old = await cache.match(request)
  if (old) return old
  const answer = await fetch(request)
  if (answer.ok) await cache.put(request, answer.clone())
  return answer
}
