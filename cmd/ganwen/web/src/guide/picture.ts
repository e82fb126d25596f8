const width = 720
const margin = 40
const size = 28
const leading = 46

// paint draws lines of text as a picture a phone can keep; the last line is the label, set smaller.
export function paint(text: string): Promise<Blob> {
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')
  if (!pen) return Promise.reject(new Error('no canvas'))
  const font = (px: number, weight = '') => `${weight} ${px}px ${getComputedStyle(document.body).fontFamily}`
  pen.font = font(size)
  const rows = text.split('\n').flatMap((l) => wrap(pen, l))
  canvas.width = width
  canvas.height = margin * 2 + rows.length * leading + 24
  pen.fillStyle = '#ffffff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.textBaseline = 'middle'
  const label = rows.lastIndexOf('')
  rows.forEach((row, i) => {
    pen.font = font(i > label ? size - 6 : size, row.startsWith('【') ? '700' : '400')
    pen.fillStyle = i > label ? '#57606a' : '#1b1f24'
    pen.fillText(row, margin, margin + leading * (i + 0.5))
  })
  pen.fillStyle = '#0b6e6e'
  pen.fillRect(0, canvas.height - 12, canvas.width, 12)
  return new Promise((ok, no) => canvas.toBlob((b) => (b ? ok(b) : no(new Error('no picture'))), 'image/png'))
}

// wrap breaks a line where it is full; a closing mark never begins a row.
function wrap(pen: CanvasRenderingContext2D, line: string): string[] {
  const rows: string[] = []
  let row = ''
  for (const ch of line) {
    if (row && pen.measureText(row + ch).width > width - margin * 2 && !'，。；：、！？）》】'.includes(ch)) {
      rows.push(row)
      row = ''
    }
    row += ch
  }
  return [...rows, row]
}
