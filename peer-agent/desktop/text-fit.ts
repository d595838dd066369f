import sharp from 'sharp'

/** One line of bold text as an SVG element whose baseline begins at 0, 0. */
export interface FittedText {
  readonly svg: string
  readonly width: number
}

const FAMILIES = "Inter, 'Noto Sans', 'DejaVu Sans', 'Liberation Sans', sans-serif"
/** Nobody reads more on a mark; what is measured stays small whatever comes from outside. */
const MOST_GRAPHEMES = 100
const ELLIPSIS = '…'
/** What XML 1.0 refuses, and what would break or turn around the line. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu

/** Shortens `text` by whole letters until it is no wider than `room`. */
export async function fitText(text: string, size: number, room: number): Promise<FittedText> {
  const clean = text.replace(UNPRINTABLE, ' ').replace(/\s+/gu, ' ').trim()
  const all = [...new Intl.Segmenter().segment(clean)].map(({ segment }) => segment)
  let fitting = all.slice(0, MOST_GRAPHEMES)
  for (;;) {
    const shown = fitting.length < all.length ? fitting.join('').trimEnd() + ELLIPSIS : clean
    const svg = element(shown, size)
    const width = await measure(svg, size)
    if (width <= room || fitting.length === 0) return { svg, width }
    const guess = Math.floor((fitting.length * room) / width)
    fitting = fitting.slice(0, Math.min(guess, fitting.length - 1))
  }
}

function element(text: string, size: number): string {
  return `<text font-family="${FAMILIES}" font-size="${size}" font-weight="700" xml:space="preserve">${escapeXml(text)}</text>`
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Fonts differ from desktop to desktop: the only honest measure is to draw and look. */
async function measure(svg: string, size: number): Promise<number> {
  const width = MOST_GRAPHEMES * size * 2
  const height = size * 2
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><g transform="translate(0 ${size * 1.5})">${svg}</g></svg>`
  const alpha = await sharp(Buffer.from(picture)).ensureAlpha().extractChannel('alpha').raw().toBuffer()
  for (let x = width - 1; x >= 0; x--) {
    for (let y = 0; y < height; y++) if (alpha[y * width + x] !== 0) return x + 1
  }
  return 0
}
