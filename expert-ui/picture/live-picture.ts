import { createSubscriber } from 'svelte/reactivity'
import type { ScreenLayout } from '../../protocol/messages/picture.ts'
import type { RefusalCode } from '../../protocol/refusals.ts'
import type { CursorShape } from './cursor-decoder.ts'
import type { PictureView } from './picture-view.ts'

/** A `PictureView` that can be read in a template: it is drawn anew whenever layout, cursor or problem change. */
export class LivePicture {
  readonly picture: PictureView
  readonly #subscribe: () => void

  constructor(picture: PictureView) {
    this.picture = picture
    this.#subscribe = createSubscriber((update) => picture.onChange(update))
  }

  get layout(): ScreenLayout | null {
    this.#subscribe()
    return this.picture.layout
  }

  get cursor(): CursorShape | null {
    this.#subscribe()
    return this.picture.cursor
  }

  get cursorPlace(): { readonly x: number; readonly y: number } | null {
    this.#subscribe()
    return this.picture.cursorPlace
  }

  get problem(): RefusalCode | null {
    this.#subscribe()
    return this.picture.problem
  }
}
