import { inflateRawSync } from 'node:zlib'
import type { I420Frame } from '../../../peer/wrtc.ts'
import type { PictureEvents } from '../../../peer-agent/picture/port.ts'
import type { ScreenLayout, Tile } from '../../../protocol/messages/picture.ts'
import { PlayedPage } from '../../fixtures/played-page.ts'
import { until, type XServer } from '../../fixtures/x-server.ts'
import { PlayedRecording } from './played-recording.ts'

export interface SeenUpdate {
  readonly layout: ScreenLayout | undefined
  readonly tiles: readonly Tile[]
  readonly capturedAtMs: number
}

export interface SeenStills {
  readonly keyframe: boolean
  readonly rects: number
  readonly coversUntilMs: number
  readonly cursor: { x: number; y: number } | undefined
}

/** Both ends of a picture in one: the expert's canvas and the recording, drawn from what is handed out. */
export interface Viewer {
  readonly events: PictureEvents
  readonly updates: SeenUpdate[]
  readonly stills: SeenStills[]
  readonly places: { x: number; y: number }[]
  readonly looks: { width: number; height: number; hotX: number; hotY: number; rgba: Uint8Array }[]
  readonly failures: string[]
  readonly films: I420Frame[]
  readonly canvas: Canvas
  readonly recording: PlayedRecording
  /** Called with every update once it is drawn. */
  onUpdate: () => void
  /** Resolves once every record handed out is decoded. */
  recorded(): Promise<void>
}

export interface Canvas {
  width: number
  height: number
  rgb: Uint8Array
}

export function createViewer(): Viewer {
  const page = new PlayedPage()
  let decoding: Promise<void> = Promise.resolve()
  const viewer: Viewer = {
    updates: [],
    stills: [],
    places: [],
    looks: [],
    failures: [],
    films: [],
    canvas: page,
    recording: new PlayedRecording(),
    onUpdate: () => {},
    recorded: () => decoding,
    events: {
      update(update, payload, capturedAtMs) {
        void page.draw(update, payload).then(
          () => {
            const { layout, tiles } = update
            viewer.updates.push({ layout, tiles, capturedAtMs })
            viewer.onUpdate()
          },
          (error: Error) => viewer.failures.push(error.message),
        )
      },
      filmFrame: (frame) => viewer.films.push(frame),
      cursorLooks(looks, deflated) {
        viewer.looks.push({ ...looks, rgba: inflateRawSync(deflated) })
      },
      cursorPlace: (x, y) => viewer.places.push({ x, y }),
      stills(content, payload, keyframe, coversUntilMs) {
        viewer.stills.push({
          keyframe,
          rects: content.stills.length,
          coversUntilMs,
          cursor: content.cursor,
        })
        decoding = decoding.then(() => viewer.recording.draw(content, payload))
      },
      failed: (reason) => viewer.failures.push(reason),
    },
  }
  return viewer
}

/** Resolves once the canvas shows what the server's own screenshot shows, bit for bit. */
export async function untilExact(
  server: XServer,
  canvas: () => Canvas,
  what = 'the exact picture',
): Promise<void> {
  await until(
    async () => {
      const shot = await server.screenshot()
      const { width, height, rgb } = canvas()
      return width === shot.width && height === shot.height && Buffer.compare(rgb, shot.rgb) === 0
    },
    { what },
  )
}
