// The outside contract of /api/v1 as far as the pages use it. Optional fields may be absent or null.

export type Status = 'answered' | 'asking' | 'partial' | 'no_evidence' | 'refused' | 'handoff' | 'emergency'
export type Intent =
  | 'guide' | 'qa' | 'prereview' | 'progress' | 'recommend' | 'smalltalk' | 'emergency' | 'handoff' | 'out_of_scope' | 'refused'

export interface MatterRef { code: string; name: string; score?: number; why?: string }
export interface EventStep { code: string; name: string; after?: string[] | null; optional?: boolean; why?: string; when?: string }
export interface EventPlan { code: string; name: string; steps?: EventStep[] | null }
export interface Option { id: string; text: string }
export interface Question { id: string; text: string; options?: Option[] | null }

export interface Material {
  id: string
  name: string
  required?: boolean
  form?: string
  copies?: number
  waived?: string | null
  from_matter?: string | null
  because?: string
  how_to_get?: string
  note?: string
}

export interface Checklist {
  matter: string
  situation?: { question: string; answer: string }[] | null
  materials?: Material[] | null
  prerequisites?: { code: string; name: string; why?: string }[] | null
  where?: string
  how?: string[] | null
  fee?: string
  legal_days?: string
  promised_days?: string
  visits?: number | null
  phone?: string
  online_url?: string
}

export interface Citation {
  id: string
  kind: 'matter' | 'policy' | 'law' | 'document' | 'graph'
  code?: string
  field?: string
  title?: string
  quote?: string
  version?: string
  effective_from?: string | null
  effective_to?: string | null
  url?: string
}

export interface Label { label: string; metadata?: Record<string, string> }

export interface Answer {
  session_id: string
  answer_id: string
  intent: Intent
  text: string
  status: Status
  matters?: MatterRef[] | null
  event?: EventPlan | null
  question?: Question | null
  checklist?: Checklist | null
  citations?: Citation[] | null
  handoff?: { channel: string; phone?: string; summary?: string } | null
  emergency?: { numbers?: string[] | null } | null
  degraded?: string[] | null
  aigc?: Label | null
  sample?: boolean
}

export interface ChatRequest {
  session_id?: string
  message: string
  region?: string
  answers?: Record<string, string>
}

// Matter is the catalogue's record behind a card: what the checklist leaves out.
export interface Matter {
  code: string
  name: string
  summary?: string
  department?: string
  jurisdiction?: string
  any_region?: string
  how?: string[] | null
  online_hint?: string
  online_url?: string
  where?: string
  address?: string
  hours?: string
  phone?: string
  steps?: { name: string; text: string; who?: string }[] | null
  not_counted?: string[] | null
  proxy?: string
  result?: { name?: string; validity?: string } | null
  before?: { code: string; why?: string }[] | null
  refused?: string
}

export interface Suggestion { text: string; code?: string; kind?: string }

export interface GraphNode { id: string; kind: string; name: string; props?: Record<string, string> | null }
export interface GraphEdge { from: string; to: string; rel: string; why?: string }
export interface Subgraph { nodes: GraphNode[]; edges: GraphEdge[] }
export interface Hit { id: string; kind: string; code?: string; title?: string; text: string }
