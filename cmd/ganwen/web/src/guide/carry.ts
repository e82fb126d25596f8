import type { Answer } from '../base/types'
import { tag } from './png'
import { paint } from './picture'
import { bare, lead } from './text'

// What leaves the page carries the label that generated content must carry (GB 45438): a sentence people can read,
// and in files the metadata that machines read.

const fallback = '本回答由人工智能生成，仅供参考，以办事指南为准'

// labelOf is the sentence under an answer, which says too when the facts are composed sample data.
export function labelOf(a: Answer): string {
  return (a.sample ? '示例数据 · ' : '') + (a.aigc?.label || fallback)
}

const metadata = (a: Answer) => JSON.stringify({ AIGC: a.aigc?.metadata ?? { Label: '1' } })

// listText writes an answer as plain lines: the sentence, the papers, days, fee, place, and the label.
export function listText(a: Answer, name: string): string {
  const out = lead(a).map(bare)
  const c = a.checklist
  if (c) {
    out.push('', `【${name}】`, ...(c.materials ?? []).map((p, i) =>
      `${i + 1}. ${p.name}${p.form ? `（${p.form}${p.copies && p.form.includes('复印件') ? ` ${p.copies} 份` : ''}）` : ''}${p.waived ? ` ${p.waived}` : ''}`))
    const facts: [string, string | undefined][] = [['怎么办', c.how?.join('、')], ['承诺办结', c.promised_days], ['法律规定最迟', c.legal_days],
      ['收费', c.fee || '没有公布，请问窗口或 12345'], ['去哪里', c.where], ['电话', c.phone], ['网上办', c.online_url]]
    out.push('', ...facts.filter(([, v]) => v).map(([k, v]) => `${k}：${v}`))
  }
  if (a.event?.steps?.length) out.push('', `【${a.event.name}】`, ...a.event.steps.map((s, i) => `${i + 1}. ${s.name}${s.optional ? '（看情况）' : ''}`))
  return [...out, '', labelOf(a)].join('\n')
}

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch { return copyOld(text) }
}

// copyOld serves pages that are not on https, where there is no clipboard interface. Inside an open dialog only what is
// in the dialog can be focused.
function copyOld(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'hidden'
  const home = document.querySelector('dialog[open] .body') ?? document.body
  home.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}

let byAnswer: (id: string) => Answer | undefined = () => undefined
export const knowAnswers = (find: typeof byAnswer) => { byAnswer = find }

// carryLabel adds the label to what somebody selects and copies out of an answer.
export function carryLabel(e: ClipboardEvent) {
  const selection = document.getSelection()
  const from = selection?.anchorNode
  const el = (from instanceof Element ? from : from?.parentElement)?.closest<HTMLElement>('[data-answer]')
  const answer = el?.dataset.answer ? byAnswer(el.dataset.answer) : undefined
  const text = selection?.toString() ?? ''
  if (!answer || !e.clipboardData || !text || text.includes(labelOf(answer))) return
  e.clipboardData.setData('text/plain', text + '\n\n' + labelOf(answer))
  e.preventDefault()
}

// printAnswer prints one answer as a clean list; the style sheet hides the rest.
export function printAnswer(id: string) {
  const el = document.querySelector(`[data-answer="${CSS.escape(id)}"]`)?.closest('.turn')
  el?.classList.add('printing')
  document.documentElement.classList.add('print-one')
  const done = () => {
    el?.classList.remove('printing')
    document.documentElement.classList.remove('print-one')
  }
  window.addEventListener('afterprint', done, { once: true })
  window.print()
}

// savePicture paints the list and hands it over as a PNG file with the metadata inside: to the share sheet of a phone,
// otherwise as a download.
export async function savePicture(a: Answer, name: string): Promise<boolean> {
  try {
    const file = new File([await tag(await paint(listText(a, name)), 'AIGC', metadata(a))], (name || '办事清单') + '.png', { type: 'image/png' })
    if (matchMedia('(pointer: coarse)').matches && navigator.canShare?.({ files: [file] })) {
      await navigator.share({ files: [file] })
      return true
    }
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = file.name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
    return true
  } catch (e) { return e instanceof DOMException && e.name === 'AbortError' }
}
