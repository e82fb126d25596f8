import type { GraphEdge, GraphNode, Subgraph } from '../base/types'

// Where a neighbour stands around the centre.
export type Side = 'events' | 'needs' | 'yields' | 'law' | 'around'

export interface Neighbour { node: GraphNode; rel: string; out: boolean; why: string }
export interface Place { side: Side; title: string; shown: Neighbour[]; folded: Neighbour[] }

const most = 39 // nodes on screen beside the centre

const titles: Record<Side, string> = { events: '一件事', needs: '要用到的', yields: '能得到的', law: '法律依据', around: '相关的' }
const order: Side[] = ['events', 'needs', 'yields', 'law', 'around']

const phrases: Record<string, [out: string, into: string]> = {
  needs: ['要交', '要它的'], 'may-need': ['有的情形要交', '有的情形要它'], accepted: ['也可以用来当', '可以由它顶'], refers: ['指到', '由它指来'], yields: ['办好得到', '由它办出'], before: ['办完才能办', '要先办'], next: ['接着常办', '常在这之前办'],
  confusable: ['容易弄混', '容易弄混'], has: ['包括', '属于'], by: ['由谁办', '经办'], basis: ['依据', '是依据'], in: ['属于', '下辖'],
  theme: ['主题', '主题'], related: ['相关', '相关'],
}

// phrase says an edge in words, seen from the centre.
export const phrase = (n: Neighbour) => phrases[n.rel]?.[n.out ? 0 : 1] ?? n.rel

// caption is the phrase and the kind, said once when they are the same word.
export const caption = (n: Neighbour) => [...new Set([phrase(n), kindName(n.node.kind)])].join(' · ')

const kinds: Record<string, string> = {
  matter: '事项', paper: '材料', department: '部门', region: '地方', law: '法条', event: '一件事', policy: '政策', theme: '主题', situation: '情形',
}
export const kindName = (kind: string) => kinds[kind] ?? kind

function sideOf(n: Neighbour): Side {
  if (n.node.kind === 'event') return 'events'
  if (n.node.kind === 'law') return 'law'
  if (n.rel === 'needs' || n.rel === 'may-need') return n.out ? 'needs' : 'yields'
  if (n.rel === 'yields' || n.rel === 'accepted') return n.out ? 'yields' : 'needs'
  if (n.rel === 'before') return n.out ? 'yields' : 'needs'
  if (n.rel === 'next') return n.out ? 'yields' : 'needs'
  return 'around'
}

// neighbours lists what one edge joins to the centre, each node once, in the order of the edges.
export function neighbours(center: string, g: Subgraph): Neighbour[] {
  const nodes = new Map(g.nodes.map((n) => [n.id, n]))
  const out = new Map<string, Neighbour>()
  for (const e of g.edges) {
    const other = otherEnd(center, e)
    const node = other ? nodes.get(other) : undefined
    if (node && !out.has(node.id)) out.set(node.id, { node, rel: e.rel, out: e.from === center, why: e.why ?? '' })
  }
  return [...out.values()]
}

const otherEnd = (center: string, e: GraphEdge) => (e.from === center ? e.to : e.to === center ? e.from : undefined)

// places sorts the neighbours around the centre; with more than fit, each side shows its share and folds the rest.
export function places(list: Neighbour[], open: Set<Side>): Place[] {
  const all = order.map((side) => ({ side, list: list.filter((n) => sideOf(n) === side) })).filter((p) => p.list.length)
  let left = most
  let sides = all.length
  const share = new Map<Side, number>()
  // The short sides first: what they do not use goes to the long ones.
  for (const p of [...all].sort((a, b) => a.list.length - b.list.length)) {
    const cap = Math.min(p.list.length, Math.floor(left / sides), p.side === 'around' ? 10 : most)
    share.set(p.side, cap)
    left -= cap
    sides--
  }
  return all.map(({ side, list: l }) => {
    const n = open.has(side) ? Math.min(l.length, most) : Math.min(share.get(side) ?? 0, 12)
    return { side, title: titles[side], shown: l.slice(0, n), folded: l.slice(n) }
  })
}
