export interface ServerEvent { name: string; data: string }

// events reads a text/event-stream body. EventSource cannot POST, so the few rules of the format are here:
// fields of a line, several data lines joined, a blank line ends an event, a last one without it is dropped.
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  let name = ''
  let data: string[] = []
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += decoder.decode(value, { stream: !done })
      const lines = rest.split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') {
          if (data.length) yield { name: name || 'message', data: data.join('\n') }
          name = ''
          data = []
        } else if (!line.startsWith(':')) {
          const at = line.indexOf(':')
          const key = at < 0 ? line : line.slice(0, at)
          const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '')
          if (key === 'event') name = value
          else if (key === 'data') data.push(value)
        }
      }
      if (done) return
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}
