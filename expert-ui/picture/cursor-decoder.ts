import type { CursorLooks } from '../../protocol/messages/picture.ts'
import { Refusal } from '../../protocol/refusals.ts'
import { inflateExactly } from './inflate.ts'

/** The customer's cursor: straight RGBA, and the pixel of it that points. */
export interface CursorShape {
  readonly width: number
  readonly height: number
  readonly hotX: number
  readonly hotY: number
  readonly rgba: Uint8ClampedArray<ArrayBuffer>
}

/** Throws `Refusal('malformed')` where the pixels do not fill the shape or it points outside itself. */
export function decodeCursor(looks: CursorLooks, payload: Uint8Array): CursorShape {
  const { width, height, hotX, hotY } = looks
  if (hotX >= width || hotY >= height) throw new Refusal('malformed')
  const rgba = new Uint8ClampedArray(inflateExactly(payload, width * height * 4))
  return { width, height, hotX, hotY, rgba }
}
