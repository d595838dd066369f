import { deflateRawSync } from 'node:zlib'
import sharp from 'sharp'
import { encodeFrame } from '../../protocol/frame.ts'
import {
  type CursorLooks,
  type PictureUpdate,
  pictureMessage,
  type ScreenLayout,
  type Tile,
} from '../../protocol/messages/picture.ts'

/** RGB pixels row by row, 3 bytes each. */
export interface Rgb {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
}

export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface CodedTile {
  readonly tile: Tile
  readonly bytes: Uint8Array
}

/** Those that need no image coder. */
export type PlainCoding = Exclude<Tile['coding'], 'webp' | 'jpeg'>

/** The plainest encoder the words of `protocol/messages/picture.ts` allow; written from them, not from the decoder. */
export function encodeTile(screen: Rgb, place: Place, coding: PlainCoding): CodedTile {
  const bytes = payloadOf(cut(screen, place), place, coding)
  return { tile: { ...pick(place), coding, bytes: bytes.byteLength }, bytes }
}

/** The WebP is lossless. */
export async function encodeImageTile(
  screen: Rgb,
  place: Place,
  coding: 'webp' | 'jpeg',
): Promise<CodedTile> {
  const { width, height } = place
  const image = sharp(cut(screen, place), { raw: { width, height, channels: 3 } })
  const file = coding === 'webp' ? image.webp({ lossless: true }) : image.jpeg({ quality: 90 })
  const bytes = await file.toBuffer()
  return { tile: { ...pick(place), coding, bytes: bytes.byteLength }, bytes }
}

export type Extras = Pick<PictureUpdate, 'film' | 'copies' | 'recalls' | 'keeps'>

export function encodeUpdate(
  seq: number,
  tiles: readonly CodedTile[],
  layout?: ScreenLayout,
  extras: Extras = {},
): Uint8Array {
  const header: PictureUpdate = {
    t: 'update',
    seq,
    ...(layout ? { layout } : {}),
    ...extras,
    tiles: tiles.map(({ tile }) => tile),
  }
  return encodeFrame(pictureMessage, header, Buffer.concat(tiles.map(({ bytes }) => bytes)))
}

export function encodeCursor(looks: Omit<CursorLooks, 't'>, rgba: Uint8Array): Uint8Array {
  return encodeFrame(pictureMessage, { t: 'cursor', ...looks }, deflateRawSync(rgba))
}

export function coloursIn(screen: Rgb, place: Place): number {
  return coloursOf(cut(screen, place)).length
}

function pick({ x, y, width, height }: Place): Place {
  return { x, y, width, height }
}

export function cut(screen: Rgb, { x, y, width, height }: Place): Uint8Array {
  const rows: Uint8Array[] = []
  for (let row = y; row < y + height; row++) {
    const from = (row * screen.width + x) * 3
    rows.push(screen.pixels.subarray(from, from + width * 3))
  }
  return Buffer.concat(rows)
}

function colourAt(pixels: Uint8Array, at: number): string {
  return `${pixels[at]},${pixels[at + 1]},${pixels[at + 2]}`
}

function coloursOf(pixels: Uint8Array): string[] {
  const colours = new Set<string>()
  for (let at = 0; at < pixels.length; at += 3) colours.add(colourAt(pixels, at))
  return [...colours]
}

function payloadOf(pixels: Uint8Array, { width, height }: Place, coding: PlainCoding): Uint8Array {
  switch (coding) {
    case 'solid':
      return pixels.slice(0, 3)
    case 'palette': {
      const colours = coloursOf(pixels)
      const places = new Map(colours.map((colour, index) => [colour, index]))
      const indices: number[] = []
      for (let at = 0; at < pixels.length; at += 3) indices.push(places.get(colourAt(pixels, at))!)
      const table = colours.flatMap((colour) => colour.split(',').map(Number))
      const rows = Array.from({ length: height }, (_, row) => indices.slice(row * width, (row + 1) * width))
      const packed = rows.flatMap((row) => packRow(row, bitsFor(colours.length)))
      return deflateRawSync(Uint8Array.from([colours.length - 1, ...table, ...packed]), { level: 1 })
    }
    case 'rgb': {
      const stride = width * 3
      const less = pixels.map((value, at) => (at < stride ? value : value - pixels[at - stride]!))
      return deflateRawSync(less, { level: 1 })
    }
  }
}

function bitsFor(colours: number): number {
  return [1, 2, 4, 8].find((bits) => colours <= 2 ** bits)!
}

/** As binary digits, written one after the other and read off by eights. */
function packRow(row: readonly number[], bits: number): number[] {
  const digits = row.map((index) => index.toString(2).padStart(bits, '0')).join('')
  return (digits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
}
