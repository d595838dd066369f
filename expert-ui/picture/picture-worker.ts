import { Refusal } from '../../protocol/refusals.ts'
import { Painter } from './painter.ts'
import type { FromPictureWorker, ToPictureWorker } from './worker-messages.ts'

/** Decodes and draws off the page's own thread, one frame after the other, so that typing a chat line never waits. */

const page = self as unknown as {
  postMessage(message: FromPictureWorker, transfer?: Transferable[]): void
  onmessage: ((event: MessageEvent<ToPictureWorker>) => void) | null
}

let painter: Painter | null = null
let link = 0
let turn: Promise<void> = Promise.resolve()

page.onmessage = ({ data }) => {
  switch (data.t) {
    case 'canvas':
      painter = new Painter(data.canvas)
      break
    case 'frame': {
      const linkOfFrame = link
      turn = turn.then(() => draw(data.id, data.frame, linkOfFrame))
      break
    }
    case 'reset':
      link++
      painter?.newLink()
      break
    case 'read':
      turn = turn.then(() => read(data.id))
      break
  }
}

/** A frame of a link that is gone is not drawn, whatever is in it; nobody waits for its answer any more. */
async function draw(id: number, frame: Uint8Array, linkOfFrame: number): Promise<void> {
  try {
    if (!painter) throw new Error('a frame came before the canvas')
    if (linkOfFrame === link) {
      const { layout, cursor } = await painter.frame(frame)
      if (layout) page.postMessage({ t: 'layout', layout })
      if (cursor) page.postMessage({ t: 'cursor', cursor }, [cursor.rgba.buffer])
    }
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'internal'
    if (linkOfFrame === link) return page.postMessage({ t: 'refused', id, code })
  }
  page.postMessage({ t: 'done', id })
}

function read(id: number): void {
  if (!painter) return
  const pixels = painter.pixels()
  page.postMessage({ t: 'pixels', id, pixels }, [pixels.rgba.buffer])
}
