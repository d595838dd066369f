import { Refusal } from '../../protocol/refusals.ts'
import { FilmScreening } from './film-screening.ts'
import { Painter } from './painter.ts'
import type { FromPictureWorker, ToPictureWorker } from './worker-messages.ts'

/**
 * Decodes and draws off the page's own thread, one frame after the other, so that typing a chat line never waits.
 * Frames of the film are drawn between two updates, never within one.
 */

const page = self as unknown as {
  postMessage(message: FromPictureWorker, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent<ToPictureWorker>) => void) | null
}

let painter: Painter | null = null
let screening: FilmScreening | null = null
let isFilmRunning = false
let link = 0
let turn: Promise<void> = Promise.resolve()

page.onmessage = ({ data }) => {
  switch (data.t) {
    case 'canvas':
      painter = new Painter(data.canvas)
      screening = new FilmScreening(painter, (id) => page.postMessage({ t: 'film-shown', id }))
      break
    case 'frame': {
      const linkOfFrame = link
      turn = turn.then(() => draw(data.id, data.frame, linkOfFrame))
      break
    }
    case 'reset':
      link++
      painter?.newLink()
      tellFilm()
      break
    case 'read':
      turn = turn.then(() => read(data.id))
      break
    case 'film-source':
      void screening?.source(data.frames)
      break
    case 'film-frame':
      void screening?.take(data.frame).then(() => page.postMessage({ t: 'film-taken' }))
  }
}

/** A frame of a link that is gone is not drawn, whatever is in it; nobody waits for its answer any more. */
async function draw(id: number, frame: Uint8Array, linkOfFrame: number): Promise<void> {
  let drawn: number | null = null
  try {
    if (!painter) throw new Error('a frame came before the canvas')
    if (linkOfFrame === link) {
      const { seq, layout, cursor } = await painter.frame(frame)
      drawn = seq ?? null
      if (layout) page.postMessage({ t: 'layout', layout })
      if (cursor) page.postMessage({ t: 'cursor', cursor }, [cursor.rgba.buffer])
      tellFilm()
    }
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'internal'
    if (linkOfFrame === link) return page.postMessage({ t: 'refused', id, code })
  }
  page.postMessage({ t: 'done', id, seq: drawn })
}

function tellFilm(): void {
  const isRunning = painter?.film != null
  if (isRunning === isFilmRunning) return
  isFilmRunning = isRunning
  page.postMessage({ t: 'film-running', isRunning })
}

function read(id: number): void {
  if (!painter) return
  const pixels = painter.pixels()
  page.postMessage({ t: 'pixels', id, pixels }, [pixels.rgba.buffer])
}
