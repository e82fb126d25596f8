import { keep } from '../base/keep'

// What is ready or done, by matter or event and then by paper or step; it stays until taken back.
const ticks = keep<Record<string, Record<string, boolean>>>('ticks', {})

export const ticked = (owner: string, item: string) => ticks.value[owner]?.[item] === true

export function tick(owner: string, item: string, on: boolean) {
  ticks.value = { ...ticks.value, [owner]: { ...ticks.value[owner], [item]: on } }
}

export function forgetTicks() { ticks.value = {} }
