// tag writes a text chunk (iTXt, UTF-8) into a PNG, before its end chunk.
export async function tag(png: Blob, key: string, text: string): Promise<Blob> {
  const bytes = new Uint8Array(await png.arrayBuffer())
  const end = bytes.length - 12 // IEND is always the last twelve bytes
  const body = new TextEncoder().encode(`iTXt${key}\0\0\0\0\0${text}`)
  const chunk = new Uint8Array(body.length + 8)
  const view = new DataView(chunk.buffer)
  view.setUint32(0, body.length - 4)
  chunk.set(body, 4)
  view.setUint32(chunk.length - 4, crc(body))
  return new Blob([bytes.slice(0, end), chunk, bytes.slice(end)], { type: 'image/png' })
}

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff
  for (const b of bytes) {
    c ^= b
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  }
  return (c ^ 0xffffffff) >>> 0
}
