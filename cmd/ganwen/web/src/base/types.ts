// The outside contract of /api/v1 as far as the pages use it. Optional fields may be absent or null.

export type Status = 'answered' | 'asking' | 'partial' | 'no_evidence' | 'refused' | 'handoff' | 'emergency'
export type Intent =
  | 'guide' | 'qa' | 'prereview' | 'progress' | 'recommend' | 'smalltalk' | 'emergency' | 'handoff' | 'out_of_scope' | 'refused'

export interface MatterRef { code: string; name: string; score?: number; why?: string }
export interface EventStep { code: string; name: string; after?: string[] | null; optional?: boolean; why?: string; when?: string }
export interface EventPlan { code: string; name: string; steps?: EventStep[] | null; shared?: { name: string; members: string[] }[] | null }
export interface Option { id: string; text: string }
export interface Question { id: string; text: string; why?: string; options?: Option[] | null }

export interface Material {
  id: string
  name: string
  required?: boolean
  form?: string
  copies?: number
  waived?: string | null
  waived_by?: string
  from_matter?: string | null
  from_name?: string
  because?: string
  how_to_get?: string
  checks?: string[] | null
  note?: string
}

export interface Checklist {
  matter: string
  situation?: { question: string; answer: string }[] | null
  materials?: Material[] | null
  where?: string
  address?: string
  hours?: string
  how?: string[] | null
  steps?: Step[] | null
  fee?: string
  legal_days?: string
  promised_days?: string
  visits?: number | null
  phone?: string
  online_url?: string
  online_hint?: string
  not_counted?: string[] | null
  proxy?: string
  result?: string
  refused?: string
  notes?: string[] | null
}

export interface Step { name: string; text: string; who?: string }
export interface Prerequisite { code: string; name: string; why?: string; paper?: string }
export interface ConditionFact { text: string; basis?: string }
export interface Advice {
  code: string
  kind: string
  name: string
  summary?: string
  met?: ConditionFact[] | null
  unmet?: ConditionFact[] | null
  unknown?: ConditionFact[] | null
}

export interface Citation {
  id: string
  kind: 'matter' | 'policy' | 'event' | 'law' | 'document' | 'graph'
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
  before?: Prerequisite[] | null
  recommend?: Advice[] | null
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

// Matter is the catalogue's record behind a card: the little that the checklist leaves out.
export interface Matter { code: string; name: string; jurisdiction?: string; any_region?: string }

export interface Suggestion { text: string; code?: string; kind?: string }

export interface GraphNode { id: string; kind: string; name: string; props?: Record<string, string> | null }
export interface GraphEdge { from: string; to: string; rel: string; why?: string }
export interface Subgraph { nodes: GraphNode[]; edges: GraphEdge[] }
export interface Hit { id: string; kind: string; code?: string; title?: string; text: string }
