import type { BorrowedKeys } from './borrowed-keys.ts'
import type { Keyboard, KeyboardNow } from './keyboard.ts'
import type { Stroke } from './strokes.ts'
import type { XTest } from './xtest.ts'

/**
 * Types characters, whatever the layout, the locks and the modifiers that are down through us [K5]. Each character is
 * sent in one piece with all it needs: nothing is ever held or changed while something is waited for.
 */
export interface Typist {
  /** @param mayGoOn asked before each character; resolves once the server has the one before */
  type(text: string, mayGoOn: () => Promise<boolean>, isWanted: () => boolean): Promise<void>
}

export function createTypist(xtest: XTest, keyboard: Keyboard, borrowed: BorrowedKeys): Typist {
  function strike({ keycode, held }: Stroke, { map, isCapsLocked }: KeyboardNow): void {
    const inTheWay = [...xtest.keysDown].filter((code) => map.modifierKeys.has(code) || code === keycode)
    const press = (code: number) => xtest.key(code, true)
    const release = (code: number) => xtest.key(code, false)
    xtest.atOnce(() => {
      inTheWay.forEach(release)
      // Programs capitalise by themselves what a layout leaves as it is, so Caps Lock must be off meanwhile.
      if (isCapsLocked) keyboard.setCapsLock(false)
      held.forEach(press)
      press(keycode)
      release(keycode)
      ;[...held].reverse().forEach(release)
      if (isCapsLocked) keyboard.setCapsLock(true)
      inTheWay.filter((code) => code !== keycode).forEach(press)
    })
    borrowed.struck(keycode)
  }

  return {
    async type(text, mayGoOn, isWanted) {
      let rest = [...text].filter(isTypable)
      while (rest.length > 0) {
        const now = await keyboard.now()
        if (!isWanted()) return
        const foreign = new Set(rest.filter((character) => !now.strokes.has(character)))
        // Before keys change for nothing.
        if (foreign.size > 0 && !(await mayGoOn())) return
        const lent = foreign.size > 0 ? await borrowed.borrow(foreign, now, isWanted) : undefined
        // No key is free at all: the rest must not suffer.
        if (foreign.size > 0 && lent?.size === 0) rest = rest.filter((character) => !foreign.has(character))
        while (rest.length > 0) {
          const stroke = now.strokes.get(rest[0]!) ?? lent?.get(rest[0]!)
          if (!stroke) break
          if (!(await mayGoOn()) || !isWanted()) return
          if (keyboard.isChanged) break
          strike(stroke, now)
          rest = rest.slice(1)
        }
      }
    },
  }
}

/** All but control characters, of which only Enter and Tab are keys, and halves of surrogate pairs. */
function isTypable(character: string): boolean {
  const codePoint = character.codePointAt(0)!
  const isControl = codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)
  const isHalf = codePoint >= 0xd800 && codePoint < 0xe000
  return character === '\n' || character === '\t' || !(isControl || isHalf)
}
