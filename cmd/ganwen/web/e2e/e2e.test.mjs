import { after, before } from 'node:test'
import { start, stop } from './harness.mjs'

before(start)
after(stop)

await import('./guide.mjs')
await import('./keeping.mjs')
await import('./access.mjs')
await import('./graph.mjs')
await import('./plain.mjs')
await import('./conversations.mjs')
