/** Longer than the second click of a double click may follow the first. */
const STRAY_MS = 700

export interface StrayClicks {
  /** A pointer went down, on whatever; a disabled button tells nobody of its click. */
  press(): void
  isStray(click: { detail: number }): boolean
}

/**
 * Tells clicks that are the rest of a double click. Many people double click everything: what the first click puts
 * under the hand, or moves there, must not be pressed by the second, and "Yes" must not become "End".
 */
export function strayClicks(now: () => number = () => performance.now()): StrayClicks {
  let pressedAtMs = Number.NEGATIVE_INFINITY
  let countedAtMs = Number.NEGATIVE_INFINITY
  return {
    press() {
      if (now() - pressedAtMs >= STRAY_MS) countedAtMs = now()
      pressedAtMs = now()
    },
    isStray({ detail }) {
      // A key's click has no detail, and is nobody's second click.
      if (detail > 1 && now() - countedAtMs < STRAY_MS) return true
      if (detail > 0) countedAtMs = now()
      return false
    },
  }
}

/** Before anything on the page hears of them. */
export function swallowStrayClicks(page: Document): void {
  const clicks = strayClicks()
  page.addEventListener('pointerdown', () => clicks.press(), { capture: true })
  page.addEventListener(
    'click',
    (click) => {
      if (!clicks.isStray(click)) return
      click.preventDefault()
      click.stopImmediatePropagation()
    },
    { capture: true },
  )
}
