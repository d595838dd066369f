import type { PictureView } from './picture-view.ts'
import type { Pixels } from './worker-messages.ts'

const NAME = 'lotsePicture'

/**
 * Lets a test compare the canvas with the customer's screen pixel for pixel, through `globalThis.lotsePicture`.
 * A worker owns the canvas, so nothing outside this page's scripts can read it otherwise, and a screenshot would be
 * scaled. It only reads, it only holds what this expert has on the screen anyway, and it is there only while a
 * session is being watched; a script that could call it runs in the page and could read the picture just as well.
 * @returns its own undo
 */
export function exposePicture(picture: PictureView): () => void {
  const hook = {
    readPixels: (): Promise<Pixels> => picture.readPixels(),
    get layout() {
      return picture.layout
    },
    get cursorPlace() {
      return picture.cursorPlace
    },
  }
  Object.defineProperty(globalThis, NAME, {
    value: Object.freeze(hook),
    enumerable: false,
    configurable: true,
    writable: false,
  })
  return () => {
    Reflect.deleteProperty(globalThis, NAME)
  }
}
