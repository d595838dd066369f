import { PIXEL_KERNELS } from './bytes.ts'

/** A rectangle as the kernels take it. */
type Place = [x: number, y: number, width: number, height: number]

/**
 * What the module exports. Addresses and sizes are in bytes, strides in pixels. The kernels check nothing: whatever
 * lies outside a frame is another's memory.
 */
export interface Kernels {
  readonly memory: WebAssembly.Memory
  readonly MOST_COPIES: WebAssembly.Global
  heapStart(): number
  hashKeyBytes(): number
  copiesWorkBytes(width: number, height: number): number
  bitsFor(colours: number): number
  blit(source: number, frame: number, stride: number, ...place: Place): void
  copy(from: number, fromStride: number, to: number, toStride: number, ...place: Place): void
  move(frame: number, stride: number, ...placeAndShift: [...Place, dx: number, dy: number]): void
  differs(a: number, b: number, stride: number, ...place: Place): number
  changedBoxes(fresh: number, shadow: number, stride: number, ...rest: [...Place, out: number]): number
  hash(frame: number, stride: number, ...rest: [...Place, key: number, out: number]): void
  packPalette(frame: number, stride: number, ...rest: [...Place, out: number]): number
  rgb(frame: number, stride: number, ...rest: [...Place, isDelta: number, out: number]): void
  likeLeft(frame: number, stride: number, ...place: Place): number
  i420(frame: number, stride: number, ...rest: [...Place, luma: number, u: number, v: number]): void
  findShift(
    fresh: number,
    shadow: number,
    stride: number,
    height: number,
    ...edges: [
      ...[left: number, top: number, right: number, bottom: number],
      ...[areaLeft: number, areaTop: number, areaRight: number, areaBottom: number],
    ]
  ): number
  copiesOf(
    fresh: number,
    shadow: number,
    stride: number,
    ...rest: [...Place, dx: number, dy: number, work: number, out: number]
  ): number
}

/** Each call makes an instance with memory of its own. */
export function startKernels(): Kernels {
  const module = new WebAssembly.Module(Buffer.from(PIXEL_KERNELS, 'base64'))
  return new WebAssembly.Instance(module).exports as unknown as Kernels
}
