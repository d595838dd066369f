import type { XConnection } from './connection.ts'

const F11 = 0xffc8
const NUM_LOCK = 0xff7f
const LOCK_MASK = 1 << 1
const ASYNC = 1

export const STOP_KEY_NAME = 'F11'

/**
 * The key's codes on this keyboard, kept from the applications while we live. What reaches them is decided by the
 * grab; that the key ends the session is decided by the raw event, so a grab that somebody else holds costs nothing.
 */
export interface StopKey {
  is(keycode: number): boolean
  release(): void
}

export async function claimStopKey(connection: XConnection): Promise<StopKey> {
  const { client, root } = connection
  let codes = new Set<number>()
  let release = () => {}
  let claimed = ''

  async function claim(): Promise<void> {
    const { min_keycode: first, max_keycode: last } = client.display
    const [mapping, modifiers] = await Promise.all([
      connection.ask<number[][]>((done) => client.GetKeyboardMapping(first, last - first + 1, done)),
      connection.ask<number[][]>((done) => client.GetModifierMapping(done)),
    ])
    const codesOf = (keysym: number) =>
      mapping.flatMap((keysyms, index) => (keysyms[0] === keysym ? [first + index] : []))
    const found = codesOf(F11)
    const locks = lockCombinations(codesOf(NUM_LOCK), modifiers)
    if (claimed === `${found}/${locks}`) return
    claimed = `${found}/${locks}`
    codes = new Set(found)
    release()
    release = () => {
      for (const code of found) for (const lock of locks) client.UngrabKey(root, code, lock)
    }
    await Promise.all(
      found.flatMap((code) =>
        locks.map((lock) =>
          connection
            .ask<void>((done) => client.GrabKey(root, 0, lock, code, ASYNC, ASYNC, done))
            .catch(() => {}),
        ),
      ),
    )
  }

  connection.onEvent((event) => {
    if (event.name === 'MappingNotify') claim().catch(() => {})
  })
  await claim()
  return {
    is: (keycode) => codes.has(keycode),
    release: () => release(),
  }
}

/** A grab holds for one exact set of modifiers: the key must work whichever of the two locks is on. */
function lockCombinations(numLockCodes: readonly number[], modifiers: readonly number[][]): number[] {
  const index = modifiers.findIndex((codes) => codes.some((code) => code > 0 && numLockCodes.includes(code)))
  const numLock = index < 0 ? 0 : 1 << index
  return [...new Set([0, LOCK_MASK, numLock, numLock | LOCK_MASK])]
}
