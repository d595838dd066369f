import type { Rect } from '../../../peer-agent/desktop/port.ts'
import type { Frame, Pixels } from '../../../peer-agent/picture/pixels.ts'

/** A colour 0xRRGGBB for every place, without end. */
export type Plane = (x: number, y: number) => number

export interface Picture {
  readonly width: number
  readonly height: number
  readonly words: Uint32Array
}

export function draw(width: number, height: number, plane: Plane): Picture {
  const words = new Uint32Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) words[y * width + x] = plane(x, y)
  return { width, height, words }
}

export function whole({ width, height }: { width: number; height: number }): Rect {
  return { x: 0, y: 0, width, height }
}

/** A new frame that shows the picture, brought in with noise in the byte that means nothing. */
export function frameOf(pixels: Pixels, picture: Picture, seed = 1): Frame {
  const frame = pixels.frame(picture.width, picture.height)
  bring(pixels, picture, whole(picture), frame, seed)
  return frame
}

/** Brings one part of the picture into the frame. */
export function bring(pixels: Pixels, picture: Picture, rect: Rect, frame: Frame, seed = 1): void {
  const bytes = pixels.scratch(rect.width * rect.height * 4)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, rect.width * rect.height)
  for (let at = 0; at < words.length; at++) {
    const x = rect.x + (at % rect.width)
    const y = rect.y + Math.floor(at / rect.width)
    words[at] = picture.words[y * picture.width + x]! | (mix(seed, at, 0) << 24)
  }
  pixels.blit(rect, frame)
}

/** RGB of a part, taken pixel by pixel. */
export function rgbOf({ width, words }: Picture, rect: Rect): Buffer {
  const rgb = Buffer.alloc(rect.width * rect.height * 3)
  for (let at = 0; at < rect.width * rect.height; at++) {
    const word = words[(rect.y + Math.floor(at / rect.width)) * width + rect.x + (at % rect.width)]!
    rgb.writeUIntBE(word, at * 3, 3)
  }
  return rgb
}

export function shows(pixels: Pixels, frame: Frame, picture: Picture): boolean {
  return rgbOf(picture, whole(picture)).equals(pixels.rgb(whole(frame), frame))
}

/** 32 bits that look random, the same for the same three numbers. */
export function mix(a: number, b: number, c: number): number {
  let value = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)
  value = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  value = Math.imul(value ^ (value >>> 15), 0x846ca68b)
  return (value ^ (value >>> 16)) >>> 0
}

export function noise(seed: number, colours = 2 ** 24): Plane {
  return (x, y) => Math.imul(mix(seed, x, y) % colours, 0x3779b1) & 0xffffff
}

/** Lines of 16 pixels with words of letters of 8 × 10 in three greys, of different length, some of them empty. */
export function text(seed: number, lineAt = (line: number) => line): Plane {
  return (x, y) => {
    const line = lineAt(Math.floor(y / 16))
    const column = Math.floor(x / 8)
    const row = y - Math.floor(y / 16) * 16 - 3
    if (row < 0 || row > 9 || column < 0 || mix(seed, line, -1) % 12 === 0) return 0xffffff
    if (column > 20 + (mix(seed, line, -2) % 60)) return 0xffffff
    const letter = mix(seed, line, column) % 32
    if (letter < 6) return 0xffffff
    const ink = mix(letter, x - column * 8, row) % 8
    return ink < 2 ? 0x202020 : ink === 2 ? 0x909090 : 0xffffff
  }
}

export function moved(plane: Plane, dx: number, dy: number): Plane {
  return (x, y) => plane(x - dx, y - dy)
}

/** `inner` within the rectangle, `outer` around it. */
export function within(rect: Rect, inner: Plane, outer: Plane): Plane {
  return (x, y) => {
    const isInside = x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height
    return isInside ? inner(x, y) : outer(x, y)
  }
}
