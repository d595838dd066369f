import sharp from 'sharp'
import type { Random } from './random.ts'
import type { Bitmap, Place } from './screen.ts'

/** Colours as #rrggbb. */
export interface TextStyle {
  /** As Pango names fonts, with the size in points. */
  readonly font: string
  readonly paper: string
  readonly inks: readonly string[]
}

export const STYLES: readonly TextStyle[] = [
  { font: 'DejaVu Sans Mono 10', paper: '#ffffff', inks: ['#1a1a1a', '#1a1a1a', '#0b4f9e', '#a31515'] },
  { font: 'DejaVu Sans 10', paper: '#fcfcf7', inks: ['#202020', '#202020', '#444444'] },
  { font: 'DejaVu Sans Mono 10', paper: '#1e1e1e', inks: ['#d4d4d4', '#9cdcfe', '#ce9178', '#6a9955'] },
  { font: 'DejaVu Serif 11', paper: '#ffffff', inks: ['#111111'] },
]

const WORDS =
  'der die das Auftrag Rechnung Kunde Anschluss Router wird am bereits geprüft session request handler error warning connect timeout address invoice total open closed value index buffer update record channel window version Zeile Datei Ordner Drucker nicht gefunden'.split(
    ' ',
  )

/** A line as it stands in a log or a document, about so many characters long. */
export function lineOf(random: Random, characters: number): string {
  const time = `${two(random.whole(0, 23))}:${two(random.whole(0, 59))}:${two(random.whole(0, 59))}`
  let line = `${time},${random.whole(100, 999)} `
  while (line.length < characters) {
    line += random.fraction() < 0.2 ? `${random.whole(1, 99_999)} ` : `${random.pick(WORDS)} `
  }
  return line.slice(0, characters)
}

/** Dense text of exactly this size; anti-aliased glyphs, every line another. */
export async function textPage(
  width: number,
  height: number,
  style: TextStyle,
  random: Random,
): Promise<Bitmap> {
  const paper = Buffer.alloc(width * height * 4)
  const page = { width, height, bgrx: paper }
  const [r, g, b] = channels(style.paper)
  paper.fill(Buffer.from([b, g, r, 0]))
  for (let y = 6; y < height; ) {
    const characters = Math.ceil(width / 7)
    const lines = Array.from({ length: 40 }, () => {
      const isParagraphEnd = random.fraction() < 0.1
      const line = lineOf(random, isParagraphEnd ? random.whole(5, characters) : characters)
      return `<span foreground="${random.pick(style.inks)}">${line}</span>`
    })
    const text = await renderText(lines.join('\n'), style)
    paste(text, page, 6, y)
    y += text.height + 4
  }
  return page
}

/** `markup` is Pango's. The bitmap is as large as the ink. */
export async function renderText(markup: string, { font, paper }: TextStyle): Promise<Bitmap> {
  const { data, info } = await sharp({ text: { text: markup, font, dpi: 96, rgba: true } })
    .flatten({ background: paper })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return bitmapOf(data, info.width, info.height)
}

/** From RGB, 3 bytes a pixel. */
export function bitmapOf(rgb: Buffer, width: number, height: number): Bitmap {
  const bgrx = Buffer.alloc(width * height * 4)
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    bgrx[to] = rgb[from + 2]!
    bgrx[to + 1] = rgb[from + 1]!
    bgrx[to + 2] = rgb[from]!
  }
  return { width, height, bgrx }
}

/** What does not fit is cut off. */
export function paste(from: Bitmap, onto: Bitmap, x: number, y: number): void {
  const width = Math.min(from.width, onto.width - x)
  const height = Math.min(from.height, onto.height - y)
  for (let row = 0; row < height; row++) {
    const at = row * from.width * 4
    from.bgrx.copy(onto.bgrx, ((y + row) * onto.width + x) * 4, at, at + width * 4)
  }
}

/** RGB of a part of it. */
export function cutRgb({ width, bgrx }: Bitmap, place: Place): Buffer {
  const rgb = Buffer.alloc(place.width * place.height * 3)
  for (let y = 0, to = 0; y < place.height; y++) {
    for (let x = 0; x < place.width; x++, to += 3) {
      const from = ((place.y + y) * width + place.x + x) * 4
      rgb[to] = bgrx[from + 2]!
      rgb[to + 1] = bgrx[from + 1]!
      rgb[to + 2] = bgrx[from]!
    }
  }
  return rgb
}

export function channels(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 0xff, value & 0xff]
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
