import { keyMoveOf } from './event-facts.ts'
import type { Steering } from './steering.ts'

export interface KeyFieldOptions {
  readonly steering: Steering
  /** The expert wants the keyboard back. */
  readonly leave: () => void
}

/**
 * Makes a text field the place where the expert's typing becomes characters: layout, AltGr, dead keys and input
 * methods are the browser's work there [K5]. The field itself always stays empty. Returns its own undo.
 */
export function captureKeys(field: HTMLTextAreaElement, { steering, leave }: KeyFieldOptions): () => void {
  const listening = new AbortController()
  const on = <K extends keyof HTMLElementEventMap>(type: K, act: (event: HTMLElementEventMap[K]) => void) =>
    field.addEventListener(type, act, { signal: listening.signal })

  const key = (t: 'down' | 'up') => (event: KeyboardEvent) => {
    const { isTaken, isLeaving } = steering.key(keyMoveOf(event, t, steering.isDragging))
    if (isTaken) event.preventDefault()
    if (isLeaving) leave()
  }
  on('keydown', key('down'))
  on('keyup', key('up'))

  on('beforeinput', (event) => {
    // A composition cannot be prevented, and ends by itself.
    if (event.isComposing) return
    event.preventDefault()
    switch (event.inputType) {
      case 'insertText':
        steering.key({ t: 'text', text: event.data ?? '' })
        break
      // Where they come without a key of their own they are from a keyboard on the glass.
      case 'insertLineBreak':
      case 'insertParagraph':
        steering.chord(['Enter'])
        break
      case 'deleteContentBackward':
        steering.chord(['Backspace'])
    }
  })
  on('compositionend', (event) => {
    // What is half composed when the keyboard goes elsewhere was not typed.
    if (document.activeElement === field) steering.key({ t: 'text', text: event.data })
    field.value = ''
  })
  on('input', (event) => {
    if (event instanceof InputEvent && event.isComposing) return
    field.value = ''
  })
  on('blur', () => {
    steering.letGo()
    field.value = ''
  })
  return () => listening.abort()
}
