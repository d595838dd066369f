import sharp from 'sharp'
import type { WatermarkContent } from './port.ts'
import { fitText } from './text-fit.ts'

/** The mark as pixels: BGRX, rows without padding. Corners are to be cut off by whoever shows it. */
export interface WatermarkBitmap {
  readonly width: number
  readonly height: number
  readonly cornerRadius: number
  readonly bgrx: Buffer
}

/** Sizes in pixels of a screen of usual density. */
const HEIGHT = 60
const MARGIN = 14
const ICON = 36
const GAP = 12
const WHO = { size: 16, baseline: 26 }
const WHAT = { size: 15, baseline: 46 }
const RADIUS = 10
const MOST_WIDTH = 520
const LEAST_WIDTH = 150

/** Viewing is quiet: white on deep blue. While the expert holds the mouse the whole panel is amber. */
const VIEWING = { panel: '#10243e', edge: '#ffffff', text: '#ffffff', disc: '#2f7de1', icon: '#ffffff' }
const HOLDING = { panel: '#ffc233', edge: '#1b1203', text: '#1b1203', disc: '#1b1203', icon: '#ffc233' }

/** From Lucide (ISC licence), drawn on 24 × 24. */
const EYE =
  '<path d="M2.062 12.348a1 1 0 0 1 0-.696 10.75 10.75 0 0 1 19.876 0 1 1 0 0 1 0 .696 10.75 10.75 0 0 1-19.876 0"/><circle cx="12" cy="12" r="3"/>'
const POINTER =
  '<path d="M4.037 4.688a.495.495 0 0 1 .651-.651l16 6.5a.5.5 0 0 1-.063.947l-6.124 1.58a2 2 0 0 0-1.438 1.435l-1.579 6.126a.5.5 0 0 1-.947.063z"/>'

/**
 * Draws the mark: who looks, and what that person can do. `scale` enlarges everything for dense screens; the panel
 * is no wider than `roomPixels`, and overlong names end in an ellipsis.
 */
export async function drawWatermark(
  content: WatermarkContent,
  scale: number,
  roomPixels: number,
): Promise<WatermarkBitmap> {
  const beside = MARGIN + ICON + GAP + MARGIN
  const room = Math.max(LEAST_WIDTH, Math.min(MOST_WIDTH, Math.floor(roomPixels / scale))) - beside
  const [who, what] = await Promise.all([
    fitText(content.who, WHO.size, room),
    fitText(content.what, WHAT.size, room),
  ])
  const width = beside + Math.max(who.width, what.width)
  const colours = content.expertHolds ? HOLDING : VIEWING
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width * scale}" height="${HEIGHT * scale}" viewBox="0 0 ${width} ${HEIGHT}">
  <rect width="${width}" height="${HEIGHT}" fill="${colours.panel}"/>
  <rect x="2.5" y="2.5" width="${width - 5}" height="${HEIGHT - 5}" rx="${RADIUS - 2}" fill="none" stroke="${colours.edge}" stroke-opacity="0.85" stroke-width="1.5"/>
  <circle cx="${MARGIN + ICON / 2}" cy="${HEIGHT / 2}" r="${ICON / 2}" fill="${colours.disc}"/>
  <g transform="translate(${MARGIN + ICON / 2 - 12} ${HEIGHT / 2 - 12})" fill="${content.expertHolds ? colours.icon : 'none'}" stroke="${colours.icon}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${content.expertHolds ? POINTER : EYE}</g>
  <g fill="${colours.text}" transform="translate(${MARGIN + ICON + GAP} 0)">
    <g transform="translate(0 ${WHO.baseline})">${who.svg}</g>
    <g transform="translate(0 ${WHAT.baseline})">${what.svg}</g>
  </g>
</svg>`
  const { data, info } = await sharp(Buffer.from(svg))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return {
    width: info.width,
    height: info.height,
    cornerRadius: Math.round(RADIUS * scale),
    bgrx: toBgrx(data),
  }
}

/** Draws each size of one content once: monitors are mostly alike, and come back after being unplugged. */
export function bitmapCache(): { draw: typeof drawWatermark } {
  let shown = ''
  const drawn = new Map<string, Promise<WatermarkBitmap>>()
  return {
    draw(content, scale, roomPixels) {
      const key = JSON.stringify(content)
      if (key !== shown) drawn.clear()
      shown = key
      const size = `${scale} ${Math.min(roomPixels, MOST_WIDTH * scale)}`
      const bitmap = drawn.get(size) ?? drawWatermark(content, scale, roomPixels)
      drawn.set(size, bitmap)
      return bitmap
    },
  }
}

function toBgrx(rgb: Buffer): Buffer {
  const bgrx = Buffer.alloc((rgb.length / 3) * 4)
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    bgrx[to] = rgb[from + 2]!
    bgrx[to + 1] = rgb[from + 1]!
    bgrx[to + 2] = rgb[from]!
  }
  return bgrx
}
