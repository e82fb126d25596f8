import { ref } from 'vue'

// Voice in and out, by the browser where it can. Nothing here is sent anywhere by us.

interface Recogniser extends EventTarget {
  lang: string
  interimResults: boolean
  start(): void
  stop(): void
  onresult: ((e: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null
  onerror: ((e: { error: string }) => void) | null
  onend: (() => void) | null
}

type Maker = new () => Recogniser
const maker = (window as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker }).SpeechRecognition
  ?? (window as { webkitSpeechRecognition?: Maker }).webkitSpeechRecognition

export const canListen = Boolean(maker)
export const canSpeak = 'speechSynthesis' in window
export const listening = ref(false)
export const speaking = ref('') // what is being read, by its key

let ear: Recogniser | null = null

const troubles: Record<string, string> = {
  'not-allowed': '没有允许用话筒。可以在浏览器设置里打开，或者打字问。',
  'audio-capture': '没有找到话筒。请打字问。',
  'no-speech': '没有听到声音。点话筒再说一次。',
  network: '语音识别连不上。请打字问。',
}

// listen writes what is heard as it is heard; trouble gets a sentence to show.
export function listen(heard: (text: string) => void, trouble: (text: string) => void) {
  if (!maker) return
  hush()
  ear = new maker()
  ear.lang = 'zh-CN'
  ear.interimResults = true
  ear.onresult = (e) => heard(Array.from(e.results, (r) => r[0]?.transcript ?? '').join(''))
  ear.onerror = (e) => { if (e.error !== 'aborted') trouble(troubles[e.error] ?? '没有听清。请再说一次，或者打字问。') }
  ear.onend = () => { listening.value = false }
  listening.value = true
  ear.start()
}

export function stopListening() { ear?.stop() }

// speak reads a text aloud; speaking the same key again stops it.
export function speak(key: string, text: string) {
  if (!canSpeak) return
  const same = speaking.value === key
  hush()
  if (same) return
  const parts = text.split(/(?<=[。！？；\n])/).filter((p) => p.trim())
  speaking.value = key
  parts.forEach((part, i) => {
    const u = new SpeechSynthesisUtterance(part)
    u.lang = 'zh-CN'
    u.rate = 0.9
    const done = () => { if (speaking.value === key && i === parts.length - 1) speaking.value = '' }
    u.onend = done
    u.onerror = done
    speechSynthesis.speak(u)
  })
}

export function hush() {
  if (canSpeak) speechSynthesis.cancel()
  speaking.value = ''
}
