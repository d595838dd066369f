/** What `installProbe` leaves in the page, under `globalThis.lotseProbe`. Times are ms since 1970. */
export interface PageProbe {
  watch(order: WatchOrder): void
  /** From now on nothing is looked at. */
  stop(): Seen
  /** Copies the whole picture at that time, for `takePixels`. */
  keepPixels(atMs: number): Promise<void>
  /** RGBA as base64, and lets go of it. */
  takePixels(): string
}

export interface WatchOrder {
  readonly barcode: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }
  readonly blockPixels: number
  readonly places: readonly { x: number; y: number; width: number; height: number }[]
  /** RGB of all places as base64, for each change from the first on. */
  readonly expected: readonly string[]
  readonly legibleDb: number
}

export interface Seen {
  /** Blocks of the barcode as a text of 0 and 1, each with the time of the first frame that had it. */
  readonly barcodes: readonly { readonly blocks: string; readonly atMs: number }[]
  /** Per change: when its strips were first legible, and when exact. */
  readonly strips: readonly { readonly legibleMs: number | null; readonly exactMs: number | null }[]
}

/** What is looked at: an element of the page, or the canvas that a worker of the page draws on. */
export type Subject = { readonly selector: string } | { readonly worker: true }

type Read = (x: number, y: number, width: number, height: number) => Uint8ClampedArray

/**
 * Runs in the page, or in its worker. Looks with every frame at what the person before the page sees. It reads only
 * the barcode and, where asked for, the strips, and each from where the pixels lie: copying a canvas that a worker
 * draws on takes tens of milliseconds in the page, and would be the load that is measured.
 */
export function installProbe(subject: Subject, screen: { width: number; height: number }): void {
  const now = () => performance.timeOrigin + performance.now()
  let read: Read = () => new Uint8ClampedArray(4)
  let isNew = () => true
  let pixels: Uint8ClampedArray | undefined
  let order: WatchOrder | undefined
  let barcodes: { blocks: string; atMs: number }[] = []
  let strips: { legibleMs: number | null; exactMs: number | null }[] = []
  let expected: Uint8Array[] = []

  function readFromContext(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D): void {
    read = (x, y, width, height) => context.getImageData(x, y, width, height).data
  }

  function readFromVideo(video: HTMLVideoElement): void {
    const reader = new OffscreenCanvas(screen.width, screen.height).getContext('2d', {
      willReadFrequently: true,
      alpha: false,
    })!
    let frames = 0
    // Between frames of the video there is nothing new to see, and reading one is dear.
    isNew = () => {
      const { totalVideoFrames } = video.getVideoPlaybackQuality()
      const is = totalVideoFrames !== frames
      frames = totalVideoFrames
      return is
    }
    read = (x, y, width, height) => {
      const scale = video.videoWidth / screen.width
      reader.drawImage(video, x * scale, y * scale, width * scale, height * scale, 0, 0, width, height)
      return reader.getImageData(0, 0, width, height).data
    }
  }

  /** Nothing of a worker's program can be asked for its canvas: the next thing drawn tells which it is. */
  function readFromWorkersCanvas(): void {
    const methods = OffscreenCanvasRenderingContext2D.prototype
    for (const name of ['putImageData', 'fillRect', 'drawImage'] as const) {
      const draw = methods[name]
      Object.assign(methods, {
        [name](this: OffscreenCanvasRenderingContext2D, ...given: unknown[]) {
          if (this.canvas.width === screen.width && this.canvas.height === screen.height)
            readFromContext(this)
          return Reflect.apply(draw, this, given)
        },
      })
    }
  }

  if ('worker' in subject) readFromWorkersCanvas()
  else {
    const found = document.querySelector(subject.selector)
    if (found instanceof HTMLVideoElement) readFromVideo(found)
    else if (found instanceof HTMLCanvasElement) readFromContext(found.getContext('2d')!)
    else throw new Error(`the page has no ${subject.selector}`)
  }

  function readBlocks({ barcode, blockPixels }: WatchOrder): string {
    const { x, y, width, height } = barcode
    const data = read(x, y, width, height)
    let blocks = ''
    for (let left = 0; left < width; left += blockPixels) {
      let sum = 0
      for (let row = 4; row < height - 4; row++)
        for (let column = left + 4; column < left + blockPixels - 4; column++)
          sum += data[(row * width + column) * 4 + 1]!
      blocks += sum > 128 * (height - 8) * (blockPixels - 8) ? '1' : '0'
    }
    return blocks
  }

  /** How far the strips are from what they will be: mean of the squared differences. */
  function errorOf(shown: readonly Uint8ClampedArray[], wanted: Uint8Array): number {
    let sum = 0
    let to = 0
    for (const strip of shown) {
      for (let at = 0; at < strip.length; at += 4, to += 3) {
        const red = strip[at]! - wanted[to]!
        const green = strip[at + 1]! - wanted[to + 1]!
        const blue = strip[at + 2]! - wanted[to + 2]!
        sum += red * red + green * green + blue * blue
      }
    }
    return sum / wanted.length
  }

  function lookAtStrips({ places, legibleDb }: WatchOrder): void {
    const shown = places.map(({ x, y, width, height }) => read(x, y, width, height))
    expected.forEach((wanted, index) => {
      const state = strips[index]!
      if (state.exactMs !== null) return
      const error = errorOf(shown, wanted)
      if (error <= 255 ** 2 / 10 ** (legibleDb / 10)) state.legibleMs ??= now()
      if (error === 0) state.exactMs = now()
    })
  }

  function look(): void {
    if (!order) return
    requestAnimationFrame(look)
    if (!isNew()) return
    const blocks = readBlocks(order)
    if (blocks !== barcodes.at(-1)?.blocks) barcodes.push({ blocks, atMs: now() })
    if (expected.length > 0) lookAtStrips(order)
  }

  const probe: PageProbe = {
    watch(next) {
      order = next
      barcodes = []
      expected = next.expected.map((text) =>
        Uint8Array.from(atob(text), (character) => character.charCodeAt(0)),
      )
      strips = expected.map(() => ({ legibleMs: null, exactMs: null }))
      requestAnimationFrame(look)
    },
    stop() {
      order = undefined
      return { barcodes, strips }
    },
    async keepPixels(atMs) {
      await new Promise((resolve) => setTimeout(resolve, atMs - now()))
      await new Promise((resolve) => requestAnimationFrame(resolve))
      pixels = read(0, 0, screen.width, screen.height)
    },
    takePixels() {
      let binary = ''
      for (let at = 0; at < pixels!.length; at += 0x8000) {
        binary += String.fromCharCode(...pixels!.subarray(at, at + 0x8000))
      }
      pixels = undefined
      return btoa(binary)
    },
  }
  Object.assign(globalThis, { lotseProbe: probe })
}
