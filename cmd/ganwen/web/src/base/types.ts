// Names for the shapes of /openapi.json, from which openapi.d.ts is made before every build.
import type { components, paths } from './openapi'

type Schemas = components['schemas']
type Got<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { 'application/json': infer T } } } } } ? T : never

export type Answer = Schemas['Answer']
export type ChatRequest = Schemas['ChatRequest']
export type Checklist = Schemas['Checklist']
export type Material = Schemas['Material']
export type Citation = Schemas['Citation']
export type Question = Schemas['Question']
export type EventPlan = Schemas['EventPlan']
export type EventStep = EventPlan['steps'][number]
export type Advice = Schemas['Suggestion']
export type GraphNode = Schemas['Node']
export type Subgraph = Schemas['Subgraph']
export type GraphEdge = Subgraph['edges'][number]
export type Completions = Got<'/api/v1/suggest'>
export type Regions = Got<'/api/v1/regions'>['regions']

// The document leaves a matter's record and a hit to the catalogue's own vocabulary (kg.Matter, search.Hit).
export type Matter = Schemas['Matter'] & { jurisdiction?: string; any_region?: string }
export interface Hit { id: string; kind: string; code?: string; field?: string; title?: string; text: string }
