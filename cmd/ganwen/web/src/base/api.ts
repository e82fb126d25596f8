import { events } from './stream'
import type { Answer, ChatRequest, Completions, Hit, Matter, Regions, Subgraph } from './types'

// Failure is an error with a sentence that can be shown to anybody.
export class Failure extends Error {
  constructor(message: string, readonly code: string) { super(message) }
}

const sentences: Record<string, string> = {
  offline: '手机没有连上网。连上网以后再点“再试一次”。',
  timeout: '等得太久了，没有收到回答。请再试一次。',
  unreachable: '连不上服务。请过一会儿再试。',
  broken: '回答没有传完整。请再试一次。',
}

export function failure(code: keyof typeof sentences): Failure {
  return new Failure(sentences[code] ?? '', code)
}

// asFailure turns what a failed fetch throws into a sentence. A user's own cancel is passed on as it is.
export function asFailure(e: unknown): Failure {
  if (e instanceof Failure) return e
  if (!navigator.onLine) return failure('offline')
  return failure(e instanceof DOMException && e.name === 'TimeoutError' ? 'timeout' : 'unreachable')
}

async function refused(r: Response): Promise<Failure> {
  try {
    const body = (await r.json()) as { error?: { code?: string; message?: string } }
    if (body.error?.message) return new Failure(body.error.message, body.error.code ?? String(r.status))
  } catch { /* not ours: a proxy's page */ }
  return failure('unreachable')
}

async function get<T>(path: string): Promise<T> {
  try {
    const r = await fetch(path, { headers: { Accept: 'application/json' }, signal: AbortSignal.timeout(15_000) })
    if (!r.ok) throw await refused(r)
    return (await r.json()) as T
  } catch (e) { throw asFailure(e) }
}

async function post(path: string, body: unknown): Promise<void> {
  try {
    const r = await fetch(path, {
      method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, signal: AbortSignal.timeout(15_000),
    })
    if (!r.ok) throw await refused(r)
  } catch (e) { throw asFailure(e) }
}

export interface Watcher {
  step(text: string): void
  delta(text: string): void
}

const patience = 30_000 // without a byte from the server

// chat sends one turn and resolves with the finished answer; steps and text arrive on the way.
export async function chat(req: ChatRequest, watch: Watcher, cancel: AbortSignal): Promise<Answer> {
  const idle = new AbortController()
  let timer = setTimeout(() => idle.abort(), patience)
  const stop = () => idle.abort()
  cancel.addEventListener('abort', stop)
  try {
    const r = await fetch('/api/v1/chat', {
      method: 'POST', body: JSON.stringify(req), signal: idle.signal,
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    })
    if (!r.ok) throw await refused(r)
    if (!r.headers.get('Content-Type')?.startsWith('text/event-stream')) return (await r.json()) as Answer
    if (!r.body) throw failure('broken')
    for await (const ev of events(r.body)) {
      clearTimeout(timer)
      timer = setTimeout(() => idle.abort(), patience)
      const data = parse(ev.data)
      if (ev.name === 'step') watch.step(field(data, 'text', 'name', 'step'))
      else if (ev.name === 'delta') watch.delta(field(data, 'text', 'delta'))
      else if (ev.name === 'error') throw streamError(data)
      else if (ev.name === 'answer') return data as Answer
    }
    throw failure('broken')
  } catch (e) {
    if (cancel.aborted) throw e
    if (idle.signal.aborted) throw failure(navigator.onLine ? 'timeout' : 'offline')
    throw asFailure(e)
  } finally {
    clearTimeout(timer)
    cancel.removeEventListener('abort', stop)
  }
}

function parse(data: string): unknown {
  try { return JSON.parse(data) } catch { return data }
}

function field(data: unknown, ...names: string[]): string {
  if (typeof data === 'string') return data
  const record = (data ?? {}) as Record<string, unknown>
  for (const n of names) if (typeof record[n] === 'string') return record[n]
  return ''
}

function streamError(data: unknown): Failure {
  const inner = ((data ?? {}) as { error?: { message?: string; code?: string } }).error ?? (data as { message?: string; code?: string })
  return inner?.message ? new Failure(inner.message, inner.code ?? 'error') : failure('broken')
}

const matters = new Map<string, Promise<Matter>>()

// matter reads one record of the catalogue; it is kept, since a card's tabs ask for it again and again.
export function matter(code: string): Promise<Matter> {
  let p = matters.get(code)
  if (!p) {
    p = get<Matter>(`/api/v1/matters/${encodeURIComponent(code)}`)
    p.catch(() => matters.delete(code))
    matters.set(code, p)
  }
  return p
}

export const rate = (answer: string, stars: number, reasons: string[], comment: string) =>
  post(`/api/v1/answers/${encodeURIComponent(answer)}/rating`, { stars, reasons, ...(comment ? { comment } : {}) })

export const forget = (session: string) => post('/api/v1/sessions/forget', { session_id: session })

export const suggest = async (q: string) => (await get<Completions>(`/api/v1/suggest?q=${encodeURIComponent(q)}`)).suggestions

export const regions = async () => (await get<{ regions: Regions }>('/api/v1/regions')).regions

export const expand = (id: string) => get<Subgraph>(`/api/v1/graph/expand?id=${encodeURIComponent(id)}&depth=1`)

export async function search(q: string, size: number): Promise<Hit[]> {
  const r = await get<{ hits?: Hit[] | null }>(`/api/v1/search?q=${encodeURIComponent(q)}&size=${size}`)
  return r.hits ?? []
}
