import { watchEffect } from 'vue'
import { keep } from './keep'

// How this person reads; kept on the device, applied to the document so that every face looks alike.
export const large = keep('large', false)
export const plain = keep('plain', false)
export const aloud = keep('aloud', false)

watchEffect(() => {
  document.documentElement.classList.toggle('large', large.value)
  document.documentElement.classList.toggle('plain', plain.value)
})
