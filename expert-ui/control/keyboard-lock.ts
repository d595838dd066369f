/** The part of the Keyboard Lock API (WICG) that is used here; only some browsers have it. */
interface Keyboard {
  lock(): Promise<void>
  unlock(): void
}

const keyboard = (navigator as { keyboard?: Keyboard }).keyboard

/**
 * In full screen, gives the page the keys that browser and system keep for themselves: Alt+Tab, the Windows key, Esc.
 * Holding Esc always leaves full screen.
 * @returns whether the browser does it
 */
export async function lockKeys(): Promise<boolean> {
  try {
    await keyboard?.lock()
    return keyboard !== undefined
  } catch {
    return false
  }
}

export function unlockKeys(): void {
  keyboard?.unlock()
}
