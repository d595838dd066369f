import { FILM_BLOCK_PIXELS, FILM_STRIP_ROWS, filmBlocks } from '../../protocol/film-strip.ts'
import type { Film } from '../../protocol/messages/picture.ts'
import type { TestPage } from './browser.ts'
import type { Rgb } from './reference-encoder.ts'

interface Camera {
  readonly track: MediaStreamTrack
  readonly writer: WritableStreamDefaultWriter<VideoFrame>
}

declare global {
  var camera: Camera
}

/** A track in the test page that carries exactly the frames it is given. */
export function openCamera(page: TestPage): Promise<void> {
  return page.page.evaluate(() => {
    // Chromium's own; in no types.
    type Generator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> }
    const track: Generator = new (Reflect.get(globalThis, 'MediaStreamTrackGenerator'))({ kind: 'video' })
    globalThis.camera = { track, writer: track.writable.getWriter() }
  })
}

/** A frame as the agent makes it: the film's own rows, and below them the strip with its id. */
export async function film(
  page: TestPage,
  id: number,
  pixels: Rgb,
  how: 'once' | 'on and on',
): Promise<void> {
  const { width, height, rgba } = withStrip(id, pixels)
  const sent = { width, height, base64: rgba.toString('base64'), goesOn: how === 'on and on' }
  await page.page.evaluate(({ width, height, base64, goesOn }) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    const made = new VideoFrame(bytes, {
      format: 'RGBX',
      codedWidth: width,
      codedHeight: height,
      timestamp: performance.now() * 1000,
    })
    if (!goesOn) return void globalThis.camera.writer.write(made)
    // A coder wants frames that go on coming.
    setInterval(
      () =>
        void globalThis.camera.writer.write(new VideoFrame(made, { timestamp: performance.now() * 1000 })),
      50,
    )
  }, sent)
}

/** Shows the page the camera's track as it is. */
export function connectDirectly(page: TestPage): Promise<void> {
  return page.page.evaluate(() => globalThis.fakeSession.film(globalThis.camera.track))
}

/** Shows the page the camera's track as it comes out of a real connection, coded and at half its size. */
export function connectByWebRtc(page: TestPage): Promise<void> {
  return page.page.evaluate(async () => {
    const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()]
    from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined)
    to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined)
    to.ontrack = ({ track }) => globalThis.fakeSession.film(track)
    from.addTransceiver(globalThis.camera.track, {
      direction: 'sendonly',
      sendEncodings: [{ scaleResolutionDownBy: 2 }],
    })
    await from.setLocalDescription()
    await to.setRemoteDescription(from.localDescription!)
    await to.setLocalDescription()
    await from.setRemoteDescription(to.localDescription!)
  })
}

export const filmsShown = (page: TestPage) => page.page.evaluate(() => [...globalThis.fakeSession.filmsShown])

/** The film's own part of a screenshot of the whole screen. */
export function inFilm(rgba: Buffer, screenWidth: number, { x, y, width, height }: Film): Buffer {
  const rows = Array.from({ length: height }, (_, row) => {
    const at = ((y + row) * screenWidth + x) * 4
    return rgba.subarray(at, at + width * 4)
  })
  return Buffer.concat(rows)
}

function withStrip(id: number, { width, height, pixels }: Rgb) {
  const rgba = Buffer.alloc(width * (height + FILM_STRIP_ROWS) * 4, 255)
  for (let from = 0, to = 0; from < pixels.length; from += 3, to += 4)
    rgba.set(pixels.subarray(from, from + 3), to)
  const blocks = filmBlocks(id)
  for (let at = width * height; at < rgba.length / 4; at++) {
    const isLight = blocks[Math.floor((at % width) / FILM_BLOCK_PIXELS)] ?? false
    rgba.fill(isLight ? 255 : 0, at * 4, at * 4 + 3)
  }
  return { width, height: height + FILM_STRIP_ROWS, rgba }
}
