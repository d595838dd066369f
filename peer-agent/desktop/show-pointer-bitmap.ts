import sharp from 'sharp'
import { fitText } from './text-fit.ts'

/** Where arrow and label lie, seen from the tip. */
export interface PointerSide {
  readonly right: boolean
  readonly below: boolean
}

/** The pointer in one size, its label fitted. */
export interface FittedPointer {
  /** How far it reaches from the tip on the label's side, in pixels. */
  readonly reachX: number
  readonly reachY: number
  draw(side: PointerSide): Promise<PointerBitmaps>
}

/**
 * The pointer as pixels, twice: at rest, and with the wide ring that draws the eye. Both have the same size and tip.
 * BGRA, straight (not premultiplied), rows without padding.
 */
export interface PointerBitmaps {
  readonly width: number
  readonly height: number
  /** The pixel that the arrow points at; no other pixel of the arrow lies as far out. */
  readonly tipX: number
  readonly tipY: number
  /** The two differ nowhere farther than this from the tip, in pixels. */
  readonly ringReach: number
  readonly rest: Buffer
  readonly pulse: Buffer
}

/** Sizes in pixels of a screen of usual density, measured from the tip. */
const REST = { radius: 24, band: 5 }
const PULSE = { radius: 34, band: 7 }
const RING_EDGE = 2
const RING_REACH = PULSE.radius + PULSE.band / 2 + RING_EDGE
const ARROW_SIZE = 50
const LABEL = { x: 33, y: 39, height: 38, radius: 9, margin: 13, size: 18, baseline: 25.5 }
const MOST_TEXT_WIDTH = 400
const LEAST_TEXT_WIDTH = 60

/** Drawn on 44 × 44. Its tip is sharp, and wide enough to fill more than half of the one pixel it ends in. */
const ARROW_EDGE =
  'M0 0 L38 14.2 Q43 16.4 38.2 18.6 L26 23.9 Q24.6 24.6 23.9 26 L18.6 38.2 Q16.4 43 14.2 38 Z'
const ARROW = 'M5.3 5.3 L35.6 16.6 L22.6 22.6 L16.6 35.6 Z'
const ARROW_GRID = 44
/** The colours of the mark while the expert holds the mouse. */
const AMBER = '#ffc233'
const DARK = '#1b1203'

/**
 * An arrow whose tip is one exact pixel, a ring around it, and a label beside it. `scale` enlarges everything for
 * dense screens; it reaches no farther to the side than `roomPixels`, and an overlong label ends in an ellipsis.
 */
export async function fitShowPointer(
  label: string,
  scale: number,
  roomPixels: number,
): Promise<FittedPointer> {
  const room = Math.floor(roomPixels / scale) - LABEL.x - 2 * LABEL.margin
  const text = await fitText(label, LABEL.size, Math.max(LEAST_TEXT_WIDTH, Math.min(MOST_TEXT_WIDTH, room)))
  const labelWidth = text.width + 2 * LABEL.margin
  const ringReach = Math.ceil(RING_REACH * scale)
  const reachX = Math.ceil((LABEL.x + labelWidth) * scale)
  const reachY = Math.ceil((LABEL.y + LABEL.height) * scale)
  const width = ringReach + 1 + reachX
  const height = ringReach + 1 + reachY

  function svg({ right, below }: PointerSide, tipX: number, tipY: number, ring: typeof REST): Buffer {
    const size = (scale * ARROW_SIZE) / ARROW_GRID
    // Mirrored about the middle of the tip's pixel, so that the arrow ends in that pixel on every side.
    const arrow = `translate(${tipX + (right ? 0 : 1)} ${tipY + (below ? 0 : 1)}) scale(${right ? size : -size} ${below ? size : -size})`
    const labelX = tipX + (right ? LABEL.x : -LABEL.x - labelWidth) * scale
    const labelY = tipY + (below ? LABEL.y : -LABEL.y - LABEL.height) * scale
    return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
  <g transform="translate(${tipX + 0.5} ${tipY + 0.5}) scale(${scale})" fill="none">
    <circle r="${ring.radius}" stroke="${DARK}" stroke-width="${ring.band + 2 * RING_EDGE}"/>
    <circle r="${ring.radius}" stroke="${AMBER}" stroke-width="${ring.band}"/>
  </g>
  <g transform="${arrow}">
    <path d="${ARROW_EDGE}" fill="${DARK}"/>
    <path d="${ARROW}" fill="${AMBER}" stroke="${AMBER}" stroke-width="0.8" stroke-linejoin="round"/>
  </g>
  <g transform="translate(${labelX} ${labelY}) scale(${scale})">
    <rect width="${labelWidth}" height="${LABEL.height}" rx="${LABEL.radius}" fill="${DARK}"/>
    <rect x="2.5" y="2.5" width="${labelWidth - 5}" height="${LABEL.height - 5}" rx="${LABEL.radius - 2.5}" fill="${AMBER}"/>
    <g fill="${DARK}" transform="translate(${LABEL.margin} ${LABEL.baseline})">${text.svg}</g>
  </g>
</svg>`)
  }

  return {
    reachX,
    reachY,
    async draw(side) {
      const tipX = side.right ? ringReach : reachX
      const tipY = side.below ? ringReach : reachY
      const [rest, pulse] = await Promise.all([
        toBgra(svg(side, tipX, tipY, REST)),
        toBgra(svg(side, tipX, tipY, PULSE)),
      ])
      return { width, height, tipX, tipY, ringReach, rest, pulse }
    },
  }
}

async function toBgra(svg: Buffer): Promise<Buffer> {
  const pixels = await sharp(svg).ensureAlpha().raw().toBuffer()
  for (let at = 0; at < pixels.length; at += 4) {
    const red = pixels[at]!
    pixels[at] = pixels[at + 2]!
    pixels[at + 2] = red
  }
  return pixels
}
