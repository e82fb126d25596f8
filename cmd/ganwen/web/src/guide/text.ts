import type { Answer, Citation } from '../base/types'

export interface Piece { text: string; source?: number }

// pieces splits an answer's text at its evidence marks: [c1] becomes the number of that source, unknown marks vanish.
export function pieces(line: string, sources: Citation[]): Piece[] {
  const out: Piece[] = []
  for (const part of line.split(/(\[c\d+\])/)) {
    const mark = /^\[(c\d+)\]$/.exec(part)
    if (!mark) { if (part) out.push({ text: part }); continue }
    const at = sources.findIndex((s) => s.id === mark[1])
    if (at >= 0) out.push({ text: '', source: at })
  }
  return out
}

// safeLink lets only web addresses through: a catalogue is outside data.
export const safeLink = (url?: string) => (url && /^https?:\/\//i.test(url) ? url : '')

// bare is the text without marks, for reading aloud, copying and the screen reader. A mark cut off by streaming goes too.
export const bare = (text: string) => text.replace(/\[c\d*\]?/g, '').trim()

export const lines = (text: string) => text.replace(/\[c?\d*$/, '').split(/\n+/).map((l) => l.trim()).filter(Boolean)

// What the card under the text says better: a line that stands on one of these fields is not said twice.
const onCard = ['materials', 'where', 'address', 'hours', 'phone', 'jurisdiction', 'promised_days', 'legal_days', 'not_counted', 'fee', 'how', 'steps',
  'online_url', 'online_hint', 'visits', 'proxy', 'result', 'refused', 'before', 'members', 'shared_materials']

// lead is what stays of the text above a card or a line of steps: the first sentence, notes, warnings, and whatever
// answers a question about one field. A question that follows as chips is left to the chips.
export function lead(a: Answer): string[] {
  const all = lines(a.text).filter((l) => bare(l) !== a.question?.text)
  if (a.recommend?.length) return all.filter((line, i) => i === 0 || !/\[c\d+\]/.test(line))
  if (a.intent !== 'guide' || !(a.checklist || a.event)) return all
  const known = [a.checklist?.matter, a.event?.code]
  return all.filter((line, i) => {
    if (i === 0) return true
    const id = /\[(c\d+)\]/.exec(line)?.[1]
    const source = (a.citations ?? []).find((c) => c.id === id)
    if (!source) return !line.startsWith('未公布收费信息')
    return !(known.includes(source.code) && onCard.includes(source.field?.split(/[./[]/)[0] ?? ''))
  })
}

// sources orders an answer's citations as a reader meets them: the marks of the text first, then what the card adds.
export function sources(a: Answer): Citation[] {
  const all = a.citations ?? []
  const met = [...new Set([...lead(a).join('').matchAll(/\[(c\d+)\]/g)].map((m) => m[1]))]
  const first = met.flatMap((id) => all.filter((c) => c.id === id))
  return [...first, ...all.filter((c) => !first.includes(c))]
}

// sourcesOf finds the sources that hold one field of a record, or any of them when no field is named.
export function sourcesOf(answer: Answer, code: string, ...fields: string[]): number[] {
  return sources(answer).flatMap((c, i) => {
    const hit = c.code === code && (!fields.length || fields.some((f) => c.field === f || c.field?.startsWith(f + '/')))
    return hit ? [i] : []
  })
}

const fieldNames: Record<string, string> = {
  materials: '申请材料', legal_days: '法定办结时限', promised_days: '承诺办结时限', fee: '收费', where: '办理地点', how: '办理方式', steps: '办理流程',
  summary: '事项说明', conditions: '受理条件', jurisdiction: '管辖', phone: '咨询电话', address: '地址', hours: '办公时间', basis: '设定依据', faq: '常见问题',
  name: '名称', result: '办理结果', visits: '到现场次数', proxy: '代办', before: '先办事项', refused: '救济途径', not_counted: '不计入时限', benefit: '补贴或待遇',
  members: '联办事项', online_url: '网上办理', online_hint: '网上办理', questions_tree: '情形', any_region: '通办范围', department: '实施机关',
}

const kindNames: Record<string, string> = { matter: '办事指南', policy: '政策', law: '法律法规', document: '文件', graph: '情形引导', event: '一件事' }

// heading names a source: what it is, and which field or article of it.
export function heading(c: Citation): string {
  const title = c.title || c.code || ''
  const field = /[·第]/.test(title) || !c.field ? '' : fieldNames[c.field.split('/')[0] ?? ''] ?? ''
  return [kindNames[c.kind] ?? '', title, field].filter(Boolean).join(' · ')
}
