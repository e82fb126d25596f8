import { computed, ref } from 'vue'
import { asFailure, chat, forget as forgetSession } from '../base/api'
import { keep } from '../base/keep'
import type { Answer } from '../base/types'

// Turn is one thing said and what came back. It is kept on the device as it stands, so that a list can be opened again
// at the counter.
export interface Turn {
  id: string
  said: string
  answers?: Record<string, string>
  state: 'waiting' | 'done' | 'failed'
  step: string
  text: string
  answer: Answer | null
  error: string
  rated?: number
}

export interface Talk { id: string; session: string; at: number; turns: Turn[] }

const most = 20 // conversations kept on the device
const id = () => Math.random().toString(36).slice(2, 10) + Date.now().toString(36)
const fresh = (): Talk => ({ id: id(), session: '', at: Date.now(), turns: [] })

export const region = keep('region', '')
export const talks = keep<Talk[]>('talks', [])
// Sessions that were to be forgotten while the server could not be reached.
const pending = keep<string[]>('pending-forget', [])

// A turn that was waiting when the page was closed will never arrive.
for (const t of talks.value.flatMap((k) => k.turns)) {
  if (t.state === 'waiting') Object.assign(t, { state: 'failed', error: '上次没有等到回答。请再试一次。' })
}

export const talk = ref<Talk>(talks.value[0] ?? fresh())
export const busy = computed(() => talk.value.turns.some((t) => t.state === 'waiting'))
export const last = computed(() => talk.value.turns[talk.value.turns.length - 1])

let cancel = new AbortController()

// ask adds a turn and fills it as the answer arrives. A question still under way is given up.
export async function ask(said: string, answers?: Record<string, string>): Promise<Turn | null> {
  const words = said.trim()
  if (!words) return null
  giveUp()
  talk.value.turns.push({ id: id(), said: words, answers, state: 'waiting', step: '', text: '', answer: null, error: '' })
  const current = talk.value
  if (!talks.value.some((k) => k.id === current.id)) talks.value = [current, ...talks.value].slice(0, most)
  talk.value = talks.value.find((k) => k.id === current.id) ?? current
  const turn = talk.value.turns[talk.value.turns.length - 1]
  if (turn) await run(talk.value, turn)
  return turn ?? null
}

// retry sends the same words again in the same place.
export function retry(turn: Turn) {
  Object.assign(turn, { state: 'waiting', step: '', text: '', error: '' })
  return run(talk.value, turn)
}

function giveUp() {
  cancel.abort()
  cancel = new AbortController()
}

async function run(where: Talk, turn: Turn) {
  const mine = cancel.signal
  try {
    const answer = await chat(
      { message: turn.said, ...(where.session ? { session_id: where.session } : {}), ...(region.value ? { region: region.value } : {}),
        ...(turn.answers ? { answers: turn.answers } : {}) },
      { step: (s) => { turn.step = s }, delta: (s) => { turn.text += s } }, mine)
    if (answer.session_id) where.session = answer.session_id
    Object.assign(turn, { state: 'done', answer, text: answer.text })
  } catch (e) {
    if (!where.turns.includes(turn)) return
    Object.assign(turn, { state: 'failed', error: mine.aborted ? '已经停下，没有等到回答。' : asFailure(e).message })
  }
}

// clear starts an empty conversation; the old one stays in the history.
export function clear() {
  giveUp()
  talk.value = fresh()
}

export function open(k: Talk) {
  giveUp()
  talk.value = k
}

// forget removes everything from this device and asks the server to forget the sessions. It reports whether the
// server did; what it could not be told is told again at the next call or visit.
export async function forget(): Promise<boolean> {
  giveUp()
  const sessions = new Set([...pending.value, ...talks.value.map((k) => k.session), talk.value.session].filter(Boolean))
  talks.value = []
  talk.value = fresh()
  pending.value = [...sessions]
  return settle()
}

async function settle(): Promise<boolean> {
  for (const s of [...pending.value]) {
    try {
      await forgetSession(s)
      pending.value = pending.value.filter((x) => x !== s)
    } catch { return false }
  }
  return true
}
if (pending.value.length) void settle()

// summary is what a person at 12345 needs to hear, when the server could not write it.
export function summary(): string {
  const lines = talk.value.turns.map((t) => '· ' + t.said)
  const name = last.value?.answer?.matters?.[0]?.name
  return [...(region.value ? ['地区：' + region.value] : []), '我问过：', ...lines, ...(name ? ['系统给的事项：' + name] : [])].join('\n')
}
