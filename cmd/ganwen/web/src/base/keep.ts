import { ref, watch, type Ref } from 'vue'

const prefix = 'ganwen.'

// keep is a ref that outlives the page in localStorage. Where storage is refused (private windows) it is a plain ref.
export function keep<T>(name: string, initial: T): Ref<T> {
  const value = ref(read(name, initial)) as Ref<T>
  watch(value, (v) => {
    try { localStorage.setItem(prefix + name, JSON.stringify(v)) } catch { /* full or refused: keep it for this visit */ }
  }, { deep: true })
  return value
}

function read<T>(name: string, initial: T): T {
  try {
    const s = localStorage.getItem(prefix + name)
    return s === null ? initial : (JSON.parse(s) as T)
  } catch { return initial }
}
